"""Each tool's layout: recognised, drafted, and read by its own draft to the right numbers."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import export_layouts as layouts
from wavedeck.clean.stage import Cleaned, clean
from wavedeck.ingest.stage import read_export
from wavedeck.inspect import Profile, inspect
from wavedeck.new.check import settle
from wavedeck.new.draft import draft
from wavedeck.survey import MultiQuestion, Survey, load_codebook

GRID = "How far do you agree?"
PARKS = "Which parks did you visit?"


class Drafted:
    """A draft, and what cleaning makes of its own export."""

    def __init__(self, path: Path) -> None:
        found = inspect(path)
        self.profile, self.texts = settle(
            found, lambda p: draft(p, "Parks", "2024", date(2024, 5, 1)), path
        )
        folder = path.parent / "drafted"
        folder.mkdir(exist_ok=True)
        (folder / "survey.yaml").write_text(self.texts.survey)
        (folder / "wave.yaml").write_text(self.texts.wave)
        self.survey: Survey
        self.survey, wave = load_codebook(folder / "survey.yaml", folder / "wave.yaml")
        found = read_export(path, self.survey)
        self.cleaned: Cleaned = clean(found.cells, self.survey, wave.exclusions, found.source)

    @property
    def codes(self) -> dict[str, np.ndarray]:
        return self.cleaned.answers.codes

    def question(self, text: str) -> str:
        """The name of the question whose text holds `text`."""
        return next(name for name, q in self.survey.questions.items() if text in q.text)

    def counts(self, text: str, item: str = "") -> Counter[str]:
        """How often each answer was given, by label."""
        name = self.question(text)
        options = list(self.survey.scale_of(name).options.values())
        question = self.survey.questions[name]
        if question.type == "multi":
            return Counter(
                {
                    o.label: int((self.codes[f"{name}.{key}"] == 1).sum())
                    for key, o in question.options.items()
                }
            )
        key = name
        if item:
            key += "." + next(k for k, i in question.items.items() if item in i.label)
        codes = self.codes[key]
        return Counter(options[code - 1].label for code in codes[codes > 0])

    def base(self, text: str) -> int:
        name = self.question(text)
        keys = [key for key in self.codes if key == name or key.startswith(f"{name}.")]
        return int((self.codes[keys[0]] > 0).sum())


def drafted(sheets: layouts.Sheets, folder: Path) -> Drafted:
    return Drafted(layouts.save(sheets, folder / "export.xlsx"))


def expected_parks(rows: range) -> Counter[str]:
    return Counter(park for i in rows for park in layouts.parks(i))


ALL = range(layouts.COUNT)

# layout -> (tool, header rows, response, contact columns, kinds of questions in order)
KNOWN = {
    "SurveyMonkey": ("SurveyMonkey", 2, True, 3, "multi_spread single grid number text"),
    "Qualtrics": ("Qualtrics", 2, True, 5, "multi_joined single grid number text"),
    "Qualtrics, three rows": ("Qualtrics", 3, True, 5, "multi_joined single grid number text"),
    "Qualtrics, split": ("Qualtrics", 2, True, 5, "multi_spread single grid number text"),
    "Microsoft Forms": (
        "Microsoft Forms",
        1,
        True,
        2,
        "multi_joined ranking_joined grid single text text",
    ),
    "Google Forms": (
        "Google Forms",
        1,
        False,
        1,
        "multi_joined multi_joined grid single number text",
    ),
    "SmartSurvey": ("SmartSurvey", 1, True, 3, "multi_spread single grid number text"),
    "Snap, labels": ("Snap", 1, True, 0, "single multi_spread single number"),
    "Snap, codes": ("Snap", 1, True, 0, "single multi_spread single number"),
    "LimeSurvey, text": (
        "LimeSurvey",
        1,
        True,
        1,
        "multi_spread single grid ranking_places number text",
    ),
    "LimeSurvey, code": (
        "LimeSurvey",
        1,
        True,
        1,
        "multi_spread single grid ranking_places number text",
    ),
    "LimeSurvey, both": (
        "LimeSurvey",
        1,
        True,
        1,
        "multi_spread single grid ranking_places number text",
    ),
    "LimeSurvey, two rows": (
        "LimeSurvey",
        2,
        True,
        1,
        "multi_spread single grid ranking_places number text",
    ),
    "KoboToolbox, labels": ("KoboToolbox", 1, True, 2, "multi_spread single number text"),
    "KoboToolbox, names": ("KoboToolbox", 1, True, 2, "multi_spread single single text"),
    "SPSS": ("SPSS", 1, True, 0, "single grid multi_spread number text"),
    "SPSS without values": ("", 1, True, 0, "single single single single multi_spread number text"),
}


@pytest.mark.parametrize("name", layouts.LAYOUTS)
def test_layout_is_recognised(name: str, tmp_path: Path) -> None:
    tool, rows, response, contact, kinds = KNOWN[name]
    profile = inspect(layouts.save(layouts.LAYOUTS[name](), tmp_path / "export.xlsx"))
    assert profile.tool == tool
    assert profile.header.rows == rows
    assert profile.responses == layouts.COUNT
    assert bool(profile.with_role("response")) == response
    assert len(profile.with_role("contact")) == contact, profile.with_role("contact")
    assert [question.kind for question in profile.questions] == kinds.split()


@pytest.mark.parametrize("name", layouts.LAYOUTS)
def test_draft_reads_its_own_export(name: str, tmp_path: Path) -> None:
    found = drafted(layouts.LAYOUTS[name](), tmp_path)
    kept = range(1, layouts.COUNT) if found.profile.leave_out else ALL
    assert len(found.cleaned.answers) == len(kept)
    assert not any("would be refused" in q.guess.reason for q in found.profile.questions)
    parks = next(
        q for q in found.survey.questions.values() if q.type == "multi" and len(q.options) > 2
    )
    text = parks.text
    counted = list(found.counts(text).values())
    expected = expected_parks(kept)
    if name == "SmartSurvey":  # one respondent left the question untouched
        expected -= Counter(layouts.parks(9))
    asked = 3 if name.startswith("SPSS") else 4
    assert sorted(counted) == sorted([expected[park] for park in layouts.PARKS[:asked]])


@pytest.mark.parametrize(
    "name", [n for n in layouts.LAYOUTS if "SPSS" not in n and "Snap" not in n]
)
def test_scales_are_in_order_and_counted(name: str, tmp_path: Path) -> None:
    found = drafted(layouts.LAYOUTS[name](), tmp_path)
    kept = range(1, layouts.COUNT) if found.profile.leave_out else ALL
    if "Kobo" not in name:
        grid = next(
            key
            for key, q in found.survey.questions.items()
            if q.type == "grid" and found.survey.scale_of(key).order == "two_sided"
        )
        labels = [o.label for o in found.survey.scale_of(grid).options.values()]
        assert labels == layouts.AGREEMENT
        assert found.survey.scale_of(grid).middle == ["neither_agree_nor_disagree"]
        rows = [i for i in kept if not ("Lime" in name and i % 6 == 1)]
        for place, item in enumerate(found.survey.questions[grid].items):
            codes = found.codes[f"{grid}.{item}"]
            given = Counter(labels[code - 1] for code in codes[codes > 0])
            assert given == Counter(layouts.agreement(i, place) for i in rows)
    single = next(
        key
        for key, q in found.survey.questions.items()
        if q.type == "single"
        and "Very satisfied" in [o.label for o in found.survey.scale_of(key).options.values()]
    )
    labels = [o.label for o in found.survey.scale_of(single).options.values()]
    assert labels == ["Very satisfied", "Fairly satisfied", "Fairly dissatisfied", "Don't know"]
    assert found.survey.scale_of(single).apart == ["don_t_know"] or found.survey.scale_of(
        single
    ).apart == ["dont_know"]


def test_codes_of_a_values_sheet_become_their_labels(tmp_path: Path) -> None:
    found = drafted(layouts.spss(), tmp_path)
    assert found.counts("How satisfied") == Counter(layouts.satisfied(i) for i in ALL)
    expected = Counter(layouts.agreement(i, 1) for i in ALL if i != 7)
    assert found.counts("Views on statements", "paths") == expected


def test_three_kinds_of_missing_of_snap(tmp_path: Path) -> None:
    found = drafted(layouts.snap(), tmp_path)
    name = found.question("Why do you not agree")
    not_asked = sum(layouts.agreement(i) in layouts.AGREEMENT[:2] for i in ALL)
    assert int((found.codes[name] == -1).sum()) == not_asked
    assert int((found.codes[name] == -2).sum()) == 1  # Error
    assert found.base("Do you agree") == layouts.COUNT - 1


def test_what_is_written_in_counts_towards_the_base(tmp_path: Path) -> None:
    sheets = layouts.surveymonkey()
    rows = sheets["Sheet"]
    for place in range(7, 11):
        rows[2 + 3][place] = None  # the one who wrote something in chose nothing besides
    found = drafted(sheets, tmp_path)
    assert found.base(PARKS) == layouts.COUNT
    name = found.question(PARKS)
    assert f"{name}.other" in {comment["question"] for comment in found.cleaned.comments}


def test_what_many_write_in_a_box_of_surveymonkey_was_not_on_offer(tmp_path: Path) -> None:
    sheets = layouts.surveymonkey()
    for place, row in enumerate(sheets["Sheet"][2:]):
        row[-1] = ("Open earlier", "More benches", "Fewer dogs", None)[place % 4]
    found = drafted(sheets, tmp_path)
    assert found.survey.questions[found.question("Anything else?")].type == "text"
    assert found.survey.questions[found.question("Hours a week")].type == "number"


def test_who_wrote_beside_a_single_choice_is_told_to_be_in_no_base(tmp_path: Path) -> None:
    sheets = layouts.surveymonkey()
    place = sheets["Sheet"][0].index("How satisfied are you with the parks?")
    for number, row in enumerate(sheets["Sheet"]):
        other = (None, "Other (please specify)", *[None] * 3, "Mixed feelings", "It depends")
        row.insert(place + 1, other[number] if number < len(other) else None)
        if number in (5, 6):
            row[place] = None
    found = drafted(sheets, tmp_path)
    assert found.base("How satisfied are you with the parks?") == layouts.COUNT - 2
    told = " ".join(found.texts.survey.replace("\n  #", "").split())
    assert "2 wrote in 'How satisfied are you with the parks? › Other (please specify)'" in told
    assert "with no answer here: not in the base" in told


def test_who_wrote_instead_of_choosing_one_is_in_the_base(tmp_path: Path) -> None:
    sheets = layouts.surveymonkey()
    ways = ["On foot", "By bicycle", "By car"]
    for number, row in enumerate(sheets["Sheet"]):
        chosen = None if number in (5, 6, 8) else ways[number % 3]
        own = {5: "On horseback", 6: "By boat", 7: "and by tram", 8: "No"}.get(number)
        heads = [("How do you come?", None), ("Response", "Other (please specify)")]
        row += heads[number] if number < 2 else (chosen, own)
    found = drafted(sheets, tmp_path)
    name = found.question("How do you come?")
    question = found.survey.questions[name]
    assert isinstance(question, MultiQuestion) and not question.several
    assert found.base("How do you come?") == layouts.COUNT - 1  # one left it out
    expected = Counter(ways[n % 3] for n in range(2, layouts.COUNT + 2) if n not in (5, 6, 8))
    assert found.counts("How do you come?") == expected
    wrote = {c["text"] for c in found.cleaned.comments if c["question"] == f"{name}.other"}
    assert wrote == {"On horseback", "By boat", "and by tram"}


def test_a_choice_stays_single_where_nobody_wrote_instead(tmp_path: Path) -> None:
    sheets = layouts.surveymonkey()
    ways = ["On foot", "By bicycle", "By car"]
    for number, row in enumerate(sheets["Sheet"]):
        chosen = None if number in (5, 6) else ways[number % 3]
        own = {5: "No", 6: "-", 7: "and by tram", 9: "in summer"}.get(number)
        heads = [("How do you come?", None), ("Response", "Other (please specify)")]
        row += heads[number] if number < 2 else (chosen, own)
    found = drafted(sheets, tmp_path)
    assert found.survey.questions[found.question("How do you come?")].type == "single"
    assert found.base("How do you come?") == layouts.COUNT - 2


def test_options_of_google_forms_may_hold_commas(tmp_path: Path) -> None:
    found = drafted(layouts.google_forms(), tmp_path)
    counts = found.counts("What do you drink")
    drinks = [(i % 7 + 1) for i in ALL]
    assert counts["Tea, hot or iced"] == sum(d & 1 for d in drinks)
    assert counts["Coffee"] == sum(d >> 1 & 1 for d in drinks)
    assert counts["Other, written in"] == 1


def test_blank_trailing_rows_are_no_responses(tmp_path: Path) -> None:
    found = drafted(layouts.google_forms(), tmp_path)
    assert len(found.cleaned.answers) == layouts.COUNT


def test_repeated_headers_of_microsoft_forms_are_two_questions(tmp_path: Path) -> None:
    found = drafted(layouts.microsoft_forms(), tmp_path)
    texts = [q.text for q in found.survey.questions.values()]
    assert texts[-2:] == ["Anything else?", "Anything else?2"]


def test_cells_and_columns_of_kobo_are_counted_once(tmp_path: Path) -> None:
    found: Profile = inspect(layouts.save(layouts.kobo(), tmp_path / "export.xlsx"))
    asides = {aside.column.name: aside.guess.reason for aside in found.asides}
    assert "joined in one cell" in asides[PARKS]
    assert any("'dogs'" in note for note in found.notes)


def test_unfinished_responses_of_limesurvey_are_kept_and_told(tmp_path: Path) -> None:
    found = drafted(layouts.limesurvey(), tmp_path)
    assert len(found.cleaned.answers) == layouts.COUNT
    assert any(note.startswith("4 of 24 responses have no") for note in found.profile.notes)


def test_a_ranking_with_a_column_a_place_is_counted_by_place(tmp_path: Path) -> None:
    found = drafted(layouts.limesurvey(), tmp_path)
    finished = [i for i in ALL if i % 6 != 1]
    name = found.question("What matters most")
    items = found.survey.questions[name].items  # type: ignore[union-attr]
    first = {i.label: int((found.codes[f"{name}.{key}"] == 1).sum()) for key, i in items.items()}
    assert first == Counter(layouts.ITEMS[i % 3] for i in finished)


def test_a_ranking_in_one_cell_is_read_in_its_order(tmp_path: Path) -> None:
    found = drafted(layouts.microsoft_forms(), tmp_path)
    name = found.question("Please rank what matters")
    items = found.survey.questions[name].items  # type: ignore[union-attr]
    for key, item in items.items():
        ranks = [(layouts.ITEMS.index(item.label) - i) % 3 + 1 for i in ALL]
        assert list(found.codes[f"{name}.{key}"]) == ranks


def test_previews_are_left_out_and_told(tmp_path: Path) -> None:
    found = drafted(layouts.qualtrics(), tmp_path)
    assert len(found.cleaned.answers) == layouts.COUNT - 1
    rules = [entry["rule"] for entry in found.cleaned.ledger]
    assert rules.count("exclude_value") == 1
    assert any("left out by 'Status'" in note for note in found.profile.notes)


def test_seen_but_unanswered_is_no_answer(tmp_path: Path) -> None:
    found = drafted(layouts.qualtrics(), tmp_path)
    assert "-99" in found.survey.export.no_answer
    assert found.base("How satisfied") == layouts.COUNT - 2


def test_a_scale_that_lacks_a_step_is_not_cut_in_half(tmp_path: Path) -> None:
    """Nobody chose 'Very dissatisfied': the middle of what is left is no middle."""
    found = drafted(layouts.google_forms(), tmp_path)
    assert found.survey.scale_of(found.question("How satisfied")).order == "one_sided"
