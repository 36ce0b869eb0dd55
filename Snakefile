# wavedeck: survey waves in, auditable slide decks out.
#
#   raw/ + surveys/ --ingest--clean--weight--estimate--draw--compose--render--publish--audit--> report/
#
# Each stage has a rule file here, a module in workflow/wavedeck/ and a verb of `wavedeck`.


include: "workflow/rules/common.smk"


rule all:
    input:
        decks(),
        [path for wave in CONFIGURATION.waves for path in results(wave)],
        expand("report/{wave}/audit", wave=CONFIGURATION.waves),


include: "workflow/rules/ingest.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/weight.smk"
include: "workflow/rules/estimate.smk"
include: "workflow/rules/overview.smk"
include: "workflow/rules/draw.smk"
include: "workflow/rules/awaiting.smk"
include: "workflow/rules/compose.smk"
include: "workflow/rules/render.smk"
include: "workflow/rules/publish.smk"
include: "workflow/rules/spss.smk"
include: "workflow/rules/audit.smk"
