"""What columns are called: the names that survey tools give columns of their own."""

from __future__ import annotations

import re

from wavedeck.clean.text import tidy
from wavedeck.inspect.profile import Column

RESPONSE = re.compile(
    r"(?:(?:survey|form|interview|submission|participant|respondent|response|record|case|sample)"
    r"[ _-]?(?:id|uuid|no|number|key|nr)\.?|id|_id|_uuid|uuid|respid|resp_?no|caseno|serial(?:no)?"
    r"|seq(?:uence)?(?: ?no| number|no)?|no\.?|#|nr\.?|antwort-?id|antwort id|identifiant"
    r"|id de la réponse|id de respuesta|id da resposta|unique (?:response )?(?:id|number)"
    r"|user ?id|instance ?id|meta/instanceid|respondent|record|lfdn|laufende nummer|interview_id)",
    re.I,
)
_SUBMITTED = (
    r"(?:date )?submitted(?: at| on)?|submit ?date|submission(?: date| time)|_submission_time"
    r"|submitted(?: on| at| date| time)|date submitted|datum abgeschickt|date de soumission"
    r"|fecha de envío|completion time|completed(?: at| on| date)?|date completed|completion date"
    r"|end ?date|end ?time|end(?:ed)?|finished(?: at| on)?|recorded ?date|timestamp|time ?stamp"
    r"|zeitstempel|horodateur|marca temporal|date modified|modified|uhrzeit der fertigstellung"
    r"|heure de fin|hora de finalización|informações cronológicas|carimbo de data/hora"
    r"|response date|date of (?:response|completion)|interview date|survey date|date"
)
TIME = re.compile(
    _SUBMITTED
    + r"|start ?date|start ?time|start|(?:date )?started(?: at| on)?|date created|created(?: at"
    r"| on)?"
    r"|date ?stamp|last ?action|date de lancement|date de la dernière action|datum (?:gestartet"
    r"|letzte aktivität)|startzeit|heure de début|hora de inicio|date started|today|opened|invited"
    r"|start ?zeit|end ?zeit|last (?:modified|updated|seen)",
    re.I,
)
SUBMITTED_ORDER = [
    re.compile(pattern, re.I)
    for pattern in (
        r".*submi.*|.*abgeschickt.*|.*soumission.*|.*envío.*",
        r"recorded ?date|.*complet.*|.*fertigstellung.*|heure de fin|hora de finalización",
        r"end(?:ed)?|end[ _]?(?:date|time).*|end ?zeit|finished.*",
        r"time ?stamp|zeitstempel|horodateur|marca temporal|carimbo.*|informações.*",
        r".*modified|last ?action|response date|interview date|survey date|date",
        r".*",
    )
]
STATUS = re.compile(
    r"(?:response |survey |completion |completed? |interview |record )?status|response ?type"
    r"|finished"
    r"|complete[d]?\??|completion|is complete|outcome|disposition|_status|outcome code",
    re.I,
)
OTHER = re.compile(
    r"progress|finished|duration(?: \(.*\))?|.*\(in seconds\)|distribution ?channel"
    r"|user ?language|last ?page"
    r"|(?:letzte seite|dernière page|última página)|start ?language|(?:survey |start"
    r"|response )language"
    r"|start-?sprache|zufallsstartwert|langue de départ|seed|ref ?url|referr?er(?: url)?"
    r"|(?:collector|survey|form)[ _-]?id"
    r"|collector(?: name)?|custom ?(?:data|variable|field|value)[ _]?\d*|tags?|_tags|_notes|_index"
    r"|_parent_index|_parent_table_name|_submission__.*|_validation_status|__version__|_version_"
    r"|_submitted_by|_xform_id_string|formhub/uuid|_rootuuid|deviceid|simserial|subscriberid"
    r"|sim.?id"
    r"|username|device id|browser(?: version)?|operating system|os version"
    r"|user ?agent|link|url|survey ?name|survey ?title|form ?name"
    r"|external ?(?:data )?ref(?:erence)?|token|access ?code|respondent group|weighting|weight|wgt"
    r"|interview ?time|total ?time|group ?time.*|.*time:? .*group.*|time ?taken(?: \(.*\))?"
    r"|time ?taken to complete.*|time spent"
    r"|total points|quiz feedback|points - .*|feedback - .*|graded?(?: (?:at|by|on|time).*)?"
    r"|q_(?:totalduration|language|url|chl|data\w*|ballotbox\w*|relevantid\w*|recaptcha\w*|duplicate\w*"
    r"|fraud\w*|quota\w*|population\w*|browser\w*|terminate\w*|panel\w*)"
    r"|recaptcha.*|fraud ?score|duplicate ?score|bot ?score"
    r"|attachments?|_attachments|(?:unnamed: ?\d+)|index|row ?(?:no|number|id)?|wave|batch"
    r"|last modified time|panel ?id"
    r"|object ?id|global ?id|creation ?date|creator|edit ?date|editor|survey identifier"
    r"|redcap_survey_identifier|session ?id|network ?id|legacy comments|extended referer"
    r"|time to complete|response url|response link|edit url|ip ?country|survey version",
    re.I,
)
ORDINARY = re.compile(
    r"language|source|medium|channel|mode|platform|version|score|graded?|device(?: type)?"
    r"|fraud.{0,12}|quota.{0,12}|tags?|link|time ?spent",
    re.I,
)
"""Words that tools use for columns of their own, and people for questions."""
OTHER_CODES = re.compile(r"(?:interview|group|question|q\w{1,12})time\d*|\w+Time", re.A)
ORGANISATION = re.compile(
    r"(?:(?:the )?name of (?:your |the )?|your |which )?(?:organi[sz]ation|council"
    r"|local authority|trust|company"
    r"|school|employer|institution|authority|charity|university|practice)(?: name)?"
    r"(?: (?:do|are) you .*)?\??",
    re.I,
)


def titles_of(column: Column) -> list[str]:
    """The names a column goes by, tidied."""
    base = re.sub(r" \[\d+\]$", "", column.name)
    return [
        tidy(text).rstrip(":*") for text in (column.code, column.title, column.stem, base) if text
    ]


def is_called(column: Column, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(title) for title in titles_of(column))
