"""What `new` takes rare answers, commas, write-ins and points shared out for."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import export_layouts as layouts
from test_new_layouts import Drafted, drafted
from wavedeck.inspect.profile import QuestionGuess
from wavedeck.inspect.ranges import ranges_in
from wavedeck.inspect.scales import scale_of
from wavedeck.inspect.texts import commas_in, with_decimal_comma

JOBS = [f"Trade {letter}" for letter in "ABCDEFGHIJKL"]


def one_column(header: str, answers: list[Any], folder: Path) -> tuple[Drafted, QuestionGuess]:
    rows: layouts.Rows = [["Response ID", "Do you like it?", header]]
    rows += [[i + 1, "Yes" if i % 3 else "No", answer] for i, answer in enumerate(answers)]
    found = drafted({"Responses": rows}, folder)
    return found, found.texts.planned[1].guess


def shuffled(answers: list[Any]) -> list[Any]:
    random.Random(5).shuffle(answers)
    return answers


def test_options_that_few_chose_are_options(tmp_path: Path) -> None:
    answers = shuffled(JOBS * 50 + ["Trade Y"] * 3 + ["Trade Z"])
    found, guess = one_column("What is your trade?", answers, tmp_path)
    counts = found.counts("What is your trade?")
    assert counts["Trade Y"] == 3 and counts["Trade Z"] == 1
    assert "Other, written in" not in counts
    assert guess.guess.confidence == "unsure", "a person is to look"
    assert "Trade Y (3)" in guess.guess.reason and "Trade Z (1)" in guess.guess.reason


def test_what_stands_beside_other_once_was_written_in(tmp_path: Path) -> None:
    answers = shuffled([*JOBS * 50, *["Other"] * 20, *["Trade Y"] * 3, "gardening mostly"])
    found, guess = one_column("What is your trade?", answers, tmp_path)
    counts = found.counts("What is your trade?")
    assert counts["Trade Y"] == 3 and counts["Other"] == 21
    assert "'Other'" in guess.guess.reason


def test_many_texts_given_once_are_write_ins_and_named(tmp_path: Path) -> None:
    own = [f"I do a bit of {word}" for word in ("roofing", "fishing", "baking", "sewing", "law")]
    found, guess = one_column("What is your trade?", shuffled(JOBS * 50 + own), tmp_path)
    assert found.counts("What is your trade?")["Other, written in"] == 5
    assert guess.guess.confidence == "unsure"
    assert "was there a box to write in?" in guess.guess.reason and own[0] in guess.guess.reason


def test_sentences_are_no_options_however_few(tmp_path: Path) -> None:
    own = ["I would rather not name my trade here, thank you very much.", "None that I know of."]
    found, _ = one_column("What is your trade?", shuffled(JOBS * 50 + own), tmp_path)
    assert found.counts("What is your trade?")["Other, written in"] == 2


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        (["2,5", "3", "4,25"], "decimal"),
        (["3,125", "0,125"], "decimal"),
        (["1.234,5", "900"], "decimal"),
        (["3,125", "2,5"], "decimal"),
        (["1,234,567", "3,125"], "thousands"),
        (["3,125", "1,234.50"], "thousands"),
        (["1,200", "3,125"], "thousands"),
        (["3,125", "850", "12"], "thousands"),
        (["3,125", "2", "7", "n/a"], "unclear"),
        (["2.5", "3"], ""),
        (["Yes, a lot", "3"], ""),
    ],
)
def test_commas_are_read_from_the_column_as_a_whole(texts: list[str], meant: str) -> None:
    assert commas_in(texts) == meant


def test_a_number_with_a_decimal_comma() -> None:
    read = [with_decimal_comma(t) for t in ("2,5", "3,125", "1.234,5", "7", "1,2,3", "two")]
    assert read == [2.5, 3.125, 1234.5, 7.0, None, None]


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        (["2,5", "3,125", "4", "10,75", "1,5"], "numbers with a decimal comma, such as '2,5'"),
        (["3,125", "2,875", "4", "7"], "numbers of which '3,125' may be a decimal number"),
    ],
)
def test_numbers_with_commas_that_may_be_decimal_are_not_misread(
    pool: list[str], said: str, tmp_path: Path
) -> None:
    answers = [pool[i % len(pool)] for i in range(60)]
    found, guess = one_column("How many hours do you travel?", answers, tmp_path)
    assert (guess.kind, guess.guess.confidence) == ("text", "unsure")
    assert said in guess.guess.reason and "decimal points" in guess.notes[0]
    assert found.survey.questions[found.question("hours")].type == "text"


def test_thousands_are_numbers_still(tmp_path: Path) -> None:
    answers = [f"{1000 + 137 * i:,}" for i in range(60)] + ["850"]
    found, guess = one_column("What do you earn a month?", answers, tmp_path)
    assert guess.kind == "number"
    values = found.codes[f"{found.question('earn')}:value"]
    assert values.max() == 1000 + 137 * 59


def test_ranges_with_decimal_commas_stand_in_order() -> None:
    labels = ["10 to 12 hours", "2,5 to 5 hours", "under 2,5 hours", "5 to 10 hours"]
    ranges = ranges_in(labels)
    assert ranges
    assert sorted(labels, key=lambda label: ranges[1][label]) == [
        "under 2,5 hours", "2,5 to 5 hours", "5 to 10 hours", "10 to 12 hours",
    ]  # fmt: skip
    thousands = ranges_in(["5,000 to 9,999", "900 to 4,999"])
    assert thousands and thousands[1]["5,000 to 9,999"] > thousands[1]["900 to 4,999"]


@pytest.mark.parametrize(
    ("labels", "family"),
    [
        (["Band 5", "Band 6", "Band 7"], "bands"),
        (["1_good", "2_fair", "3_poor"], "numbers"),
        (["18-24", "25 to 34", "35 and over"], "ages"),
        (["Under 18", "18–30", "Aged 31 or older"], "ages"),
        (["unter 18 Jahre", "18 bis 30 Jahre", "31 Jahre und älter"], "ages"),
    ],
)
def test_only_ranges_of_bare_numbers_are_ages(labels: list[str], family: str) -> None:
    scale = scale_of(dict.fromkeys(labels, 9))
    assert scale.family == family
    assert [option.label for option in scale.options] == labels


@pytest.mark.parametrize(
    "header", ["Other, please specify", "If other, please say which", "Other (please specify)"]
)
def test_what_is_written_in_stays_free_text_however_often(header: str, tmp_path: Path) -> None:
    rows: layouts.Rows = [["Response ID", "How do you travel?", header]]
    for i in range(60):
        way = ["Bus", "Train", "Other"][i % 3]
        rows.append([i + 1, way, ["Tram", "Ferry"][i % 2] if way == "Other" else None])
    found = drafted({"Responses": rows}, tmp_path)
    assert [q.guess.kind for q in found.texts.planned] == ["single", "text"]
    assert "written in beside" in found.texts.planned[1].guess.guess.reason


def test_what_is_written_in_under_a_header_of_two_rows_stays_free_text(tmp_path: Path) -> None:
    rows: layouts.Rows = [
        ["Response ID", "How do you travel?", None, "Do you like it?"],
        [None, "Response", "Other (please specify)", "Response"],
    ]
    for i in range(60):
        way = ["Bus", "Train", "Other"][i % 3]
        rows.append([i + 1, way, ["Tram", "Ferry"][i % 2] if i % 3 == 2 else None, "Yes"])
    rows[5][3] = "No"
    found = drafted({"Responses": rows}, tmp_path)
    assert [q.guess.kind for q in found.texts.planned] == ["single", "text", "single"]


def test_a_box_to_tick_called_other_is_no_text(tmp_path: Path) -> None:
    rows: layouts.Rows = [["Response ID", "Do you like it?", "Other, please specify"]]
    rows += [[i + 1, "Yes" if i % 3 else "No", "Yes" if i % 2 else "No"] for i in range(40)]
    found = drafted({"Responses": rows}, tmp_path)
    assert [q.guess.kind for q in found.texts.planned] == ["single", "single"]


def shared(total: int, exact: bool, folder: Path) -> Drafted:
    rng = random.Random(2)
    items = ["Roads", "Parks", "Buses"]
    rows: layouts.Rows = [
        ["Response ID", *(f"Share out {total} points: - {item}" for item in items)]
    ]
    for i in range(60):
        one = rng.randint(0, total)
        two = rng.randint(0, total - one)
        rows.append([i + 1, one, two, total - one - two + (0 if exact else rng.randint(1, 30))])
    return drafted({"Responses": rows}, folder)


def test_points_shared_out_are_told(tmp_path: Path) -> None:
    found = shared(100, True, tmp_path)
    [note] = [note for note in found.profile.notes if "add up to" in note]
    assert "Roads" in note and "Buses" in note and "add up to 100" in note


def test_numbers_that_add_up_to_nothing_are_not_told(tmp_path: Path) -> None:
    found = shared(100, False, tmp_path)
    assert not [note for note in found.profile.notes if "add up to" in note]


@pytest.mark.parametrize("one_each", [True, False])
def test_best_and_worst_are_told(one_each: bool, tmp_path: Path) -> None:
    rng = random.Random(9)
    items = ["Price", "Speed", "Comfort", "Safety"]
    rows: layouts.Rows = [["Response ID", *(f"What matters to you? [{item}]" for item in items)]]
    for i in range(60):
        best, worst = rng.sample(range(4), 2)
        row: list[Any] = [None] * 4
        row[best], row[worst] = "Most important", "Least important"
        if not one_each:
            row = [rng.choice(["Most important", "Least important"]) for _ in items]
        rows.append([i + 1, *row])
    found = drafted({"Responses": rows}, tmp_path)
    assert bool([n for n in found.profile.notes if "MaxDiff" in n]) is one_each


def test_beside_ages_only_what_stands_apart_or_comes_back_is_an_option(tmp_path: Path) -> None:
    ages = [f"{low}-{low + 9}" for low in range(20, 70, 10)]
    rare = ["I'd rather not say", *["Retired teacher, 73"] * 3, "81, old as the hills"]
    found, guess = one_column("How old are you?", shuffled(ages * 80 + rare), tmp_path)
    counts = found.counts("How old")
    assert counts["I'd rather not say"] == 1 and counts["Retired teacher, 73"] == 3
    assert counts["Other, written in"] == 1 and guess.guess.confidence == "unsure"
    assert "hills" not in found.texts.template + found.texts.exhibits
