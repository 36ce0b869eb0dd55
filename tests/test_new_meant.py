"""Rows and columns that are easily taken for something else."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from test_new_layouts import drafted

SATISFIED = ["Very satisfied", "Fairly satisfied", "Fairly dissatisfied", "Very dissatisfied"]
START = datetime(2024, 3, 1, 9, 0, 7)


def test_first_answer_in_words_is_no_header(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Name", "Team", "Likes", "Dislikes"]]
    for i in range(40):
        team = ["Front desk", "Finance team", "Field work"][i % 3]
        rows.append(
            [f"Person {i}", team, f"I liked number {i} a lot indeed", f"Bad weather on the day {i}"]
        )
    found = drafted({"Sheet1": rows}, tmp_path)
    assert len(found.cleaned.answers) == 40
    assert found.counts("Team")["Front desk"] == 14


@pytest.mark.parametrize("gap", [False, True])
def test_a_last_answer_that_is_nearly_empty_is_kept(gap: bool, tmp_path: Path) -> None:
    rng = random.Random(4)
    rows: list[list[Any]] = [["How do you rate us?", *(f"Anything on {x}?" for x in "abcde")]]
    for i in range(40):
        rating = rng.choice(["Very good", "Good", "Average", "Poor"])
        rows.append([rating, *(f"Comment {x} {i} of mine" for x in "abcde")])
    if gap:
        rows.insert(20, [None] * 6)
    rows.append(["Average", *[None] * 5])
    found = drafted({"Data": rows}, tmp_path)
    assert found.profile.below is None
    assert len(found.cleaned.answers) == 41


def test_totals_below_are_still_left_out(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Do you like it?", "Why?"]]
    rows += [["Yes" if i % 3 else "No", f"Because of reason {i}"] for i in range(30)]
    rows += [[None, None], ["Yes", 20], ["No", 10]]
    found = drafted({"Data": rows}, tmp_path)
    assert found.counts("Do you like it?") == {"Yes": 20, "No": 10}


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Would you be willing to take part in a follow-up interview?", 40),
        ("Have you read our privacy policy?", 40),
        ("Do you consent to take part in this interview?", 30),
        ("I have read the privacy notice and agree to take part", 30),
    ],
)
def test_only_consent_to_the_survey_leaves_out(question: str, kept: int, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Timestamp", question, "How satisfied are you?"]]
    for i in range(40):
        rows.append([START + timedelta(hours=i), "Yes" if i % 4 else "No", SATISFIED[i % 4]])
    assert len(drafted({"Sheet1": rows}, tmp_path).cleaned.answers) == kept


def test_ordinary_words_are_questions_where_answers_repeat(tmp_path: Path) -> None:
    header = ["id", "q_1", "Grade", "Language", "Duration of your employment", "Fraud awareness"]
    rows: list[list[Any]] = [[*header, "Version"]]
    for i in range(30):
        rows.append([i + 1, SATISFIED[i % 4], f"Band {i % 3}", ["English", "Welsh"][i % 2]])
        rows[-1] += [["Under a year", "A year or more"][i % 2], ["High", "Low"][i % 2], "2.1"]
    found = drafted({"Data": rows}, tmp_path)
    assert len(found.survey.questions) == 5
    assert [column.name for column in found.profile.with_role("other")] == ["Version"]


def test_what_all_tick_is_no_order_of_preference(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["ID", "Completion time", "Which do you own?", "Rank these"]]
    for i in range(40):
        owned = "Phone;Laptop;" if i % 10 == 0 else "Phone;Tablet;Laptop;"
        order = ["Red", "Green", "Blue"][i % 3 :] + ["Red", "Green", "Blue"][: i % 3]
        rows.append([i + 1, START + timedelta(hours=i), owned, ";".join(order) + ";"])
    found = drafted({"Sheet1": rows}, tmp_path)
    assert [question.kind for question in found.profile.questions] == [
        "multi_joined",
        "ranking_joined",
    ]
    assert found.counts("Which do you own?") == {"Phone": 40, "Tablet": 36, "Laptop": 40}


def test_yes_or_no_rows_answered_one_by_one_are_a_grid(tmp_path: Path) -> None:
    stem = "Do you have these at home?"
    rows: list[list[Any]] = [["Timestamp", *(f"{stem} [{x}]" for x in ("Garden", "Balcony"))]]
    for i in range(30):
        rows.append([START + timedelta(hours=i), "Yes" if i % 2 else "No"])
        rows[-1].append(None if i % 5 == 0 else "No")
    found = drafted({"Form Responses 1": rows}, tmp_path)
    assert found.counts(stem, "Garden") == {"Yes": 15, "No": 15}
    assert found.counts(stem, "Balcony")["No"] == 24


def test_commas_of_qualtrics_beside_options_that_hold_one(tmp_path: Path) -> None:
    rng = random.Random(2)
    offered = ["Staff", "Patient", "Carer, unpaid", "Student", "Other, please say:"]
    codes = [
        "StartDate",
        "RecordedDate",
        "Status",
        "ResponseId",
        "Finished",
        "Panel member no",
        "Q1",
    ]
    texts = ["Start Date", "Recorded Date", "Response Type", "Response ID", "Finished", "Panel"]
    rows: list[list[Any]] = [
        [*codes, "Q2#1_1", "1_Q3"],
        [*texts, "Which apply to you?", "For each: - Importance - Pay", "Home - How often?"],
    ]
    rows.append([f'{{"ImportId":"{code}"}}' for code in rows[0]])
    given = []
    for i in range(80):
        chosen = [option for option in offered if rng.random() < 0.4]
        preview = i % 10 == 9
        given += [] if preview else [chosen]
        status = "Survey Preview" if preview else "IP Address"
        moment = START + timedelta(hours=i)
        rows.append([moment, moment, status, f"R_{i}x", "True", f"P{i}", ",".join(chosen) or None])
        rows[-1] += ["Important", "Never"] if i % 2 else ["Not important", "Daily"]
    found = drafted({"Sheet0": rows}, tmp_path)
    assert found.profile.header.names == 1
    assert len(found.cleaned.answers) == 72
    expected = {option: sum(option in chosen for chosen in given) for option in offered}
    assert found.counts("Which apply to you?") == expected


def test_several_choices_a_row_of_a_grid(tmp_path: Path) -> None:
    items = [f"{place} - {how}" for place in ("Library", "Museum") for how in ("Phone", "Web")]
    rows: list[list[Any]] = [["Respondent ID", "Collector ID", "Which channels did you use?"]]
    rows[0] += [None] * 3
    rows.append([None, None, *items])
    for i in range(30):
        ticked = [i % (2 + place) == 0 for place in range(4)]
        names = [item.rpartition(" ")[2] for item in items]
        rows.append(
            [1000 + 7 * i, 5, *(n if t else None for n, t in zip(names, ticked, strict=True))]
        )
    found = drafted({"Sheet": rows}, tmp_path)
    assert list(found.counts("Which channels").values()) == [15, 10, 8, 6]


def test_one_answer_alone_is_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "Send me the results", "How satisfied are you?"]]
    rows += [[i + 1, "Yes" if i % 2 else None, SATISFIED[i % 4]] for i in range(30)]
    [question, _] = drafted({"Data": rows}, tmp_path).profile.questions
    assert question.guess.confidence == "unsure"


def test_statements_numbered_within_a_question(tmp_path: Path) -> None:
    names = ["3.1. Teaching", "3.2. Feedback", "3.3. Rooms", "4.1. Parking"]
    rows: list[list[Any]] = [["Unique response number", *names]]
    rows += [
        [f"{1000 + 13 * i}-{i}", *(SATISFIED[(i + k) % 4] for k in range(4))] for i in range(30)
    ]
    questions = drafted({"Responses": rows}, tmp_path).profile.questions
    assert [(q.kind, q.number, q.labels) for q in questions] == [
        ("grid", "Q3", ["Teaching", "Feedback", "Rooms"]),
        ("single", "Q4.1", []),
    ]


def test_options_beside_not_answered_are_choices(tmp_path: Path) -> None:
    stem = "Question 5: Which options do you support?"
    rows: list[list[Any]] = [
        ["Response ID", *(f"{stem} - {x}" for x in ("Trees", "Seats", "None"))]
    ]
    for i in range(40):
        rows.append([f"ANON-{i:04d}-X", *("Yes" if i % k else "Not Answered" for k in (2, 4, 5))])
    found = drafted({"Sheet1": rows}, tmp_path)
    assert found.counts(stem) == {"Trees": 20, "Seats": 30, "None": 32}


def test_places_files_and_postcodes_are_contact(tmp_path: Path) -> None:
    header = ["_id", "Your plot", "_Your plot_altitude", "A picture", "A link", "Where?", "Good?"]
    rows: list[list[Any]] = [header]
    for i in range(30):
        place, code = f"-3.{3123 + i} 36.{6871 + i} 1200 5", f"LS{i % 5 + 1} {i % 3 + 1}AB"
        link = f"https://example.org/{i}"
        rows.append([i + 5, place, 1200, f"{i}.jpg", link, code, SATISFIED[i % 4]])
    found = drafted({"Data": rows}, tmp_path).profile
    assert [column.name for column in found.with_role("contact")] == header[1:6]


def test_places_of_a_ranking_in_german(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", *(f"Bitte ordnen Sie [Rang {n}]" for n in (1, 2, 3))]]
    things = ["Preis", "Tempo", "Komfort"]
    rows += [[i + 1, *things[i % 3 :], *things[: i % 3]] for i in range(30)]
    [question] = drafted({"Data": rows}, tmp_path).profile.questions
    assert question.kind == "ranking_places"


@pytest.mark.parametrize(
    "header",
    [
        *("respondent_name", "FirstName", "customer_name", "contact/full_name", "Name (optional)"),
        *("Please give your name", "Client name", "cell_phone", "date_of_birth", "Mobile"),
        *("Q1. Name", "3) Name", "Completed by", "Respondent", "username", "Line manager's name"),
        *("Who are you?", "Name and role", "Employee number", "Staff ID"),
    ],
)
def test_names_of_people_are_contact_however_the_header_spells_them(
    header: str, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [["_id", header, "Good?"]]
    rows += [[i + 5, f"Someone Else{i}", SATISFIED[i % 4]] for i in range(30)]
    found = drafted({"Data": rows}, tmp_path).profile
    assert [column.name for column in found.with_role("contact")] == [header]


@pytest.mark.parametrize(("chosen", "unchosen"), [(1, 0), ("Selected", None), ("Y", "N")])
def test_an_option_that_speaks_of_post_and_email_stays_an_option(
    chosen: Any, unchosen: Any, tmp_path: Path
) -> None:
    """Left out as contact, it would lower the base and raise the shares of all others."""
    options = ["Email, post or letter", "Website", "Telephone"]
    rows: list[list[Any]] = [["caseid", *(f"Heard of us: {option}" for option in options)]]
    rows += [[i + 1, *(chosen if i % k == 0 else unchosen for k in (5, 3, 7))] for i in range(21)]
    found = drafted({"Data": rows}, tmp_path)
    assert found.profile.with_role("contact") == []
    assert found.counts("Heard of us") == dict(zip(options, (5, 7, 3), strict=True))
    assert found.base("Heard of us") == len({i for k in (5, 3, 7) for i in range(0, 21, k)})


def test_not_asked_among_numbers_and_texts_is_no_answer(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Case", "Q1 How satisfied?", "Q2 How old are you?", "Q3 Why?"]]
    for i in range(40):
        why = "No Reply" if i % 5 else f"Because of reason {i}"
        rows.append([i + 1, SATISFIED[i % 4], 20 + i, why])
    for row in rows[31:]:
        row[3] = "Not Asked"
    for row in rows[1:6]:
        row[1] = row[2] = "Not Asked"
    found = drafted({"Data": rows}, tmp_path)
    assert [q.kind for q in found.profile.questions] == ["single", "number", "text"]
    assert sum(found.counts("How satisfied").values()) == 35
    assert found.base("How old") == 35
    wrote = [comment["text"] for comment in found.cleaned.comments]
    assert wrote == [f"Because of reason {i}" for i in range(0, 30, 5)]


def test_what_single_people_wrote_is_no_option_of_a_chart(tmp_path: Path) -> None:
    """A number in it makes it no range, and 'No' said often makes a comment no choice."""
    header = ["ID", "Any other comments?", "How long a wait?", "Which fruit?"]
    rows: list[list[Any]] = [header]
    for i in range(60):
        row = [i + 1, "No", ["Under 5 days", "5-9 days", "10 days or more"][i % 3], "Plum"]
        rows.append([*row[:3], ["Plum", "Pear", "Apple"][i % 3]])
    for i in range(1, 10):
        rows[i][1] = f"{i} more buses would help"
    rows[7][2], rows[8][2] = "About 12 days", "3 weeks since Bob lost my form"
    rows[9][3] = "My boss eats 5"
    found = drafted({"Data": rows}, tmp_path)
    comments, wait, fruit = found.profile.questions
    assert comments.kind == "text"
    assert wait.scale and {o.label for o in wait.scale.options} == {
        *("Under 5 days", "5-9 days", "10 days or more", "About 12 days", "Other, written in")
    }
    assert fruit.scale and len(fruit.scale.options) == 4
    deck = found.texts.template + found.texts.exhibits
    assert not any(word in deck for word in ("Bob", "boss", "buses"))


def test_ranks_in_words_are_no_places(tmp_path: Path) -> None:
    ranks = ["1st", "2nd", "3rd"]
    rows: list[list[Any]] = [["id", *(f"Rank these: {o}" for o in ("Bus", "Train", "Tram"))]]
    rows += [[i + 1, *(ranks[(i + k) % 3] for k in range(3))] for i in range(30)]
    rows[1][1:] = ["1st", "3rd", "2nd"]
    found = drafted({"Data": rows}, tmp_path)
    assert found.profile.questions[0].kind == "grid"
    assert found.counts("Rank these", "Bus") == {"1st": 10, "2nd": 10, "3rd": 10}


def test_several_choices_a_row_are_counted_one_by_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "Free? [Morning]", "Free? [Evening]"]]
    days = ["Mon", "Tue", "Wed"]
    for i in range(1, 64):
        rows.append(
            [i, *(", ".join(d for k, d in enumerate(days) if n >> k & 1) for n in (i, i // 8))]
        )
    found = drafted({"Form Responses 1": rows}, tmp_path)
    assert found.counts("Morning") == {"Mon": 32, "Tue": 32, "Wed": 32}
    assert found.counts("Evening") == {"Mon": 32, "Tue": 32, "Wed": 32}


def amounts_and_codes(*columns: str) -> list[list[Any]]:
    given = {
        "Change in income?": lambda i: 20 - i,
        "Age?": lambda i: -9 if i % 8 == 7 else -8 if i % 8 == 6 else 30 + i * 7 % 50,
    }
    return [["id", *columns]] + [[i + 1, *(given[c](i) for c in columns)] for i in range(120)]


def test_minus_nine_among_amounts_is_an_amount(tmp_path: Path) -> None:
    found = drafted({"Data": amounts_and_codes("Change in income?")}, tmp_path)
    assert found.base("Change in income") == 120


def test_minus_nine_among_ages_is_no_age(tmp_path: Path) -> None:
    found = drafted({"Data": amounts_and_codes("Age?")}, tmp_path)
    assert found.base("Age") == 105
    [age] = found.profile.questions
    assert any("-8 (15 times): if so" in note for note in age.notes)
    assert any("'-9' (15 times)" in note for note in found.profile.notes)


def test_minus_nine_as_amount_and_as_code_is_told(tmp_path: Path) -> None:
    found = drafted({"Data": amounts_and_codes("Change in income?", "Age?")}, tmp_path)
    assert found.base("Change in income") == 120
    [note] = [note for note in found.profile.notes if "'-9'" in note]
    assert "is an amount in 'Change in income?'" in note and "clear the code" in note
