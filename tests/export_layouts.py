"""Small exports in the layout of each survey tool, with invented questions and answers.

Each function gives sheets by name, as rows of values; `save` writes them as a workbook. The
answers come from fixed patterns, so that a test can say what every number has to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Rows = list[list[Any]]
Sheets = dict[str, Rows]

AGREEMENT = [
    "Strongly agree",
    "Agree",
    "Neither agree nor disagree",
    "Disagree",
    "Strongly disagree",
]
PARKS = ["Riverside Park", "Hill Park", "The Common", "None of these"]
ITEMS = ["Benches", "Paths", "Toilets"]
START = datetime(2024, 3, 4, 9, 30)
COUNT = 24


def save(sheets: Sheets, path: Path, change: Callable[[Workbook], None] | None = None) -> Path:
    """Write sheets as a workbook; text that begins with = is written as text."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is None:
                    continue
                cell = sheet.cell(number, column, value)
                if isinstance(value, str) and value.startswith("="):
                    cell.data_type = "s"
    if change:
        change(workbook)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def at(index: int) -> datetime:
    return START + timedelta(hours=7 * index)


def pick(options: Sequence[Any], index: int, step: int = 1) -> Any:
    return options[(index * step + index // len(options)) % len(options)]


def parks(index: int) -> list[str]:
    """What respondent `index` chose: every sixth none, the others one to three parks."""
    if index % 6 == 5:
        return [PARKS[3]]
    return [park for place, park in enumerate(PARKS[:3]) if (index + 1) >> place & 1] or [PARKS[0]]


def hours(index: int) -> float:
    return [0, 1, 2.5, 4, 10, 12][index % 6]


def comment(index: int) -> str | None:
    texts = [
        "Please mend the gate by the pond.",
        "More shade near the playground would help us in summer",
        None,
        "I walk there daily, and I like it.",
        "Nothing to add from me about the parks this year",
        "The café closes too early;\nwe go elsewhere",
    ]
    found = texts[index % 6]
    return f"{found} ({index})" if found and index > 5 else found


def agreement(index: int, item: int = 0) -> str:
    return AGREEMENT[(index + item) % 5]


def satisfied(index: int) -> str:
    return ["Very satisfied", "Fairly satisfied", "Fairly dissatisfied", "Don't know"][index % 4]


def surveymonkey() -> Sheets:
    top = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"]
    top += [
        "First Name",
        "Which parks did you visit? (Tick all that apply)",
        None,
        None,
        None,
        None,
    ]
    top += ["How satisfied are you with the parks?", "How far do you agree?", None, None]
    top += ["Hours a week in parks", "Anything else?"]
    below = [None] * 7 + [*PARKS, "Other (please specify)", "Response"]
    below += [f"The {item.lower()} are good" for item in ITEMS]
    below += ["Open-Ended Response", "Open-Ended Response"]
    rows: Rows = [top, below]
    for i in range(COUNT):
        chosen = parks(i)
        rows.append(
            [
                *(118_000_000_000 + i, 4001, at(i), at(i) + timedelta(minutes=8), f"192.0.2.{i}"),
                *(f"person{i}@example.org", "Sam"),
                *(park if park in chosen else None for park in PARKS),
                "The allotments" if i == 3 else None,
                *(satisfied(i), *(agreement(i, item) for item in range(3)), hours(i), comment(i)),
            ]
        )
    return {"Sheet": rows}


def qualtrics(header_rows: int = 2, joined: bool = True) -> Sheets:
    codes = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)"]
    codes += ["Finished", "RecordedDate", "ResponseId", "RecipientLastName", "RecipientEmail"]
    codes += ["LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage"]
    texts = ["Start Date", "End Date", "Response Type", "IP Address", "Progress"]
    texts += ["Duration (in seconds)", "Finished", "Recorded Date", "Response ID"]
    texts += ["Recipient Last Name", "Recipient Email", "Location Latitude", "Location Longitude"]
    texts += ["Distribution Channel", "User Language"]
    visited = "Which parks did you visit? Select all that apply."
    if joined:
        codes += ["Q1", "Q1_5_TEXT"]
        texts += [f"{visited} - Selected Choice", f"{visited} - Other - Text"]
    else:
        codes += [*(f"Q1_{n}" for n in range(1, 5)), "Q1_5_TEXT"]
        texts += [
            *(f"{visited} - Selected Choice - {p}" for p in PARKS),
            f"{visited} - Other - Text",
        ]
    codes += ["Q2", "Q3_1", "Q3_2", "Q3_3", "Q4", "Q5"]
    texts += ["How satisfied are you with the parks?"]
    texts += [f"How far do you agree? - The {item.lower()} are good" for item in ITEMS]
    texts += ["How many hours a week are you in a park?", "Anything else?"]
    rows: Rows = [codes, texts]
    if header_rows == 3:
        rows.append([json.dumps({"ImportId": code}) for code in codes])
    for i in range(COUNT):
        chosen = parks(i)
        several = [",".join(chosen)] if joined else [p if p in chosen else None for p in PARKS]
        status = "Survey Preview" if i == 0 else "IP Address"
        row = [at(i), at(i) + timedelta(minutes=5), status, f"198.51.100.{i}", 100 if i % 5 else 60]
        row += [300 + i, "True" if i % 5 else "False", at(i) + timedelta(minutes=6), f"R_{i:05}aB"]
        row += [None, None, 51.5 + i / 100, -0.12, "anonymous", "EN"]
        row += [*several, "The allotments" if i == 3 else None, "-99" if i == 7 else satisfied(i)]
        row += [*(agreement(i, item) for item in range(3)), hours(i), comment(i)]
        rows.append(row)
    return {"Sheet0": rows}


def microsoft_forms() -> Sheets:
    rows: Rows = [
        [
            *("ID", "Start time", "Completion time", "Email", "Name"),
            "Which parks did you visit?",
            "Please rank what matters to you",
            *(f"The {item.lower()} are good" for item in ITEMS),
            "How satisfied are you with the parks?\xa0",
            "Anything else?",
            "Anything else?2",
        ]
    ]
    for i in range(COUNT):
        order = ITEMS[i % 3 :] + ITEMS[: i % 3]
        rows.append(
            [
                *(i + 1, at(i), at(i) + timedelta(minutes=3), "anonymous", None),
                "".join(f"{park};" for park in parks(i)),
                "".join(f"{item};" for item in order),
                *(agreement(i, item) for item in range(3)),
                *(satisfied(i), comment(i), comment(i + 2)),
            ]
        )
    return {"Sheet1": rows}


def google_forms() -> Sheets:
    drinks = ["Tea, hot or iced", "Coffee", "Water"]
    rows: Rows = [
        [
            *(
                "Timestamp",
                "Email Address",
                "Which parks did you visit?",
                "What do you drink there?",
            ),
            *(f"How far do you agree? [The {item.lower()} are good]" for item in ITEMS),
            *("How satisfied are you with the parks?", "How likely are you to come back?"),
            "Anything else?",
        ]
    ]
    for i in range(COUNT):
        chosen = [drink for place, drink in enumerate(drinks) if (i % 7 + 1) >> place & 1]
        written = ", elderflower" if i == 4 else ""
        rows.append(
            [
                *(
                    at(i),
                    f"person{i}@example.org",
                    ", ".join(parks(i)),
                    ", ".join(chosen) + written,
                ),
                *(agreement(i, item) for item in range(3)),
                *(satisfied(i), [7, 8, 10, 0, 5][i % 5], comment(i)),
            ]
        )
    rows += [[None] * 10 for _ in range(40)]
    return {"Form Responses 1": rows}


def smartsurvey() -> Sheets:
    rows: Rows = [
        [
            *("UserID", "UserNo", "Name", "Email", "IP Address", "Unique ID", "Started", "Ended"),
            *("Tracking Link",),
            *(f"1. Which parks did you visit? - {park}" for park in PARKS),
            "1. Which parks did you visit? - Other (please specify)",
            "2. How satisfied are you with the parks?",
            *(f"3. How far do you agree? - The {item.lower()} are good" for item in ITEMS),
            "4. Hours a week in parks",
            "5. Anything else?",
        ]
    ]
    for i in range(COUNT):
        chosen = parks(i) if i != 9 else []
        when = [at(i).strftime("%d/%m/%Y %H:%M:%S"), at(i + 1).strftime("%d/%m/%Y %H:%M:%S")]
        rows.append(
            [
                *(
                    str(7000 + i),
                    str(i + 1),
                    "-",
                    "-",
                    f"203.0.113.{i}",
                    f"u{i:04}",
                    *when,
                    "Email",
                ),
                *("Yes" if park in chosen else "No" for park in PARKS),
                "The allotments" if i == 3 else "-",
                "-" if i == 7 else satisfied(i),
                *(agreement(i, item) for item in range(3)),
                *(f"{hours(i):g}", comment(i) or "-"),
            ]
        )
    return {"Responses": rows}


def snap(labels: bool = True) -> Sheets:
    codes = {text: str(place) for place, text in enumerate(AGREEMENT, start=1)}
    header = ["Case", "Q1", *(f"Q2_{n}" for n in range(1, 5)), "Q3", "Q4"]
    rows: Rows = [header]
    for i in range(COUNT):
        view = "No Reply" if i == 7 else agreement(i)
        why = "Not Asked" if agreement(i) in AGREEMENT[:2] else ("Error" if i == 8 else "Too far")
        if why == "Too far" and i % 2:
            why = "No time"
        chosen = parks(i)
        rows.append(
            [
                i + 1,
                view if labels or view == "No Reply" else codes[view],
                *("Yes" if park in chosen else "No" for park in PARKS),
                *(why, hours(i) if i != 7 else "No Reply"),
            ]
        )
    sheets: Sheets = {"Data": rows}
    sheets["Variables"] = [
        ["Name", "Label"],
        ["Q1", "Do you agree that the parks are good?"],
        *([f"Q2_{n}", f"Which parks did you visit? - {PARKS[n - 1]}"] for n in range(1, 5)),
        ["Q3", "Why do you not agree?"],
        ["Q4", "How many hours a week are you there?"],
    ]
    if not labels:
        sheets["Values"] = [["Name", "Code", "Label"]]
        sheets["Values"] += [["Q1", code, text] for text, code in codes.items()]
    return sheets


def limesurvey(header: str = "text") -> Sheets:
    own = [("id", "Response ID"), ("submitdate", "Date submitted"), ("lastpage", "Last page")]
    own += [("startlanguage", "Start language"), ("seed", "Seed"), ("ipaddr", "IP address")]
    asked = [(f"Q1[SQ00{n}]", f"Which parks did you visit? [{PARKS[n - 1]}]") for n in range(1, 5)]
    asked += [("Q1[other]", "Which parks did you visit? [Other]")]
    asked += [("Q2", "How satisfied are you with the parks?")]
    asked += [
        (f"Q3[SQ00{n}]", f"How far do you agree? [The {ITEMS[n - 1].lower()} are good]")
        for n in range(1, 4)
    ]
    asked += [(f"Q4[{n}]", f"What matters most to you? [Rank {n}]") for n in range(1, 4)]
    asked += [("Q5", "How many hours a week are you in a park?"), ("Q6", "Anything else?")]
    code, text = [c for c, _ in own + asked], [t for _, t in own + asked]
    heads: dict[str, Rows] = {
        "text": [text],
        "code": [code],
        "both": [[f"{c}. {t}" for c, t in own + asked]],
        "rows": [code, text],
    }
    rows: Rows = list(heads[header])
    for i in range(COUNT):
        chosen = parks(i)
        order = ITEMS[i % 3 :] + ITEMS[: i % 3]
        partial = i % 6 == 1
        rows.append(
            [
                *(
                    i + 1,
                    None if partial else at(i),
                    2 if partial else 4,
                    "en",
                    90_000 + i,
                    f"192.0.2.{i}",
                ),
                *("Yes" if park in chosen else "No" for park in PARKS),
                "The allotments" if i == 3 else None,
                satisfied(i),
                *([None] * 3 if partial else [agreement(i, item) for item in range(3)]),
                *([None] * 3 if partial else order),
                *(None if partial else hours(i), None if partial else comment(i)),
            ]
        )
    return {"Sheet1": rows}


def kobo(labels: bool = True) -> Sheets:
    names = ["riverside", "hill", "common", "none"]
    words = PARKS if labels else names
    ask = "Which parks did you visit?" if labels else "visit/parks"
    rows: Rows = [
        [
            *("start", "end"),
            ask,
            *(f"{ask}/{word}" for word in words),
            "How satisfied are you with the parks?" if labels else "visit/satisfied",
            "How many people came with you?" if labels else "visit/people",
            *("_GPS_latitude", "_GPS_longitude"),
            "Anything else?" if labels else "more/anything",
            *("_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"),
            *("_submitted_by", "__version__", "_tags", "_index"),
        ]
    ]
    for i in range(COUNT):
        chosen = [words[PARKS.index(park)] for park in parks(i)]
        rows.append(
            [
                *(at(i), at(i) + timedelta(minutes=4), " ".join(chosen)),
                *(1 if word in chosen else 0 for word in words),
                *(satisfied(i), i % 4, 51.5 + i / 100, -0.1 - i / 100, comment(i)),
                *(900 + i, f"00000000-0000-4000-8000-{i:012}", at(i) + timedelta(minutes=5)),
                *(None, None, "submitted_via_web", None, "vX", None, i + 1),
            ]
        )
    repeats: Rows = [["dog/name", "dog/age", "_index", "_parent_index"]]
    repeats += [[f"Dog {n}", n % 9, n + 1, n % COUNT + 1] for n in range(10)]
    return {"Parks survey": rows, "dogs": repeats}


def spss(values: bool = True) -> Sheets:
    header = ["RESPID", "SAT", "AGR1", "AGR2", "AGR3", "VIS1", "VIS2", "VIS3", "HOURS", "COMMENT"]
    codes = {"Very satisfied": 1, "Fairly satisfied": 2, "Fairly dissatisfied": 3, "Don't know": 8}
    rows: Rows = [header]
    for i in range(COUNT):
        chosen = parks(i)
        rows.append(
            [
                *(500 + i, codes[satisfied(i)]),
                *(
                    "#NULL!" if i == 7 else AGREEMENT.index(agreement(i, item)) + 1
                    for item in range(3)
                ),
                *(int(park in chosen) for park in PARKS[:3]),
                *(hours(i), comment(i)),
            ]
        )
    sheets: Sheets = {"Data": rows}
    if values:
        listed: Rows = [["Variable Values", None, None], ["Value", None, "Label"]]
        for place, (text, code) in enumerate(codes.items()):
            listed.append(["SAT" if place == 0 else None, code, text])
        for name in ("AGR1", "AGR2", "AGR3"):
            for place, text in enumerate(AGREEMENT, start=1):
                listed.append([name if place == 1 else None, place, text])
        sheets["Variable Values"] = listed
        sheets["Variable Information"] = [
            ["Variable", "Position", "Label"],
            ["SAT", 2, "How satisfied are you with the parks?"],
            *([f"AGR{n}", n + 2, f"The {ITEMS[n - 1].lower()} are good"] for n in range(1, 4)),
            *([f"VIS{n}", n + 5, f"Visited: {PARKS[n - 1]}"] for n in range(1, 4)),
            ["HOURS", 9, "Hours a week in parks"],
            ["COMMENT", 10, "Anything else?"],
        ]
    return sheets


def typeform() -> Sheets:
    header = ["#", *PARKS, "Other", "How satisfied are you with the parks?", "Anything else?"]
    rows: Rows = [[*header, "Response Type", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"]]
    for i in range(COUNT):
        chosen = parks(i)
        row = [f"k{i:06}x", *(park if park in chosen else None for park in PARKS)]
        row += ["The allotments" if i == 3 else None, satisfied(i), comment(i), "completed"]
        rows.append([*row, at(i), at(i) + timedelta(minutes=2), f"n{i:04}"])
    return {"Sheet1": rows}


def alchemer() -> Sheets:
    header = ["Response ID", "Time Started", "Date Submitted", "Status", "Contact ID"]
    header += ["Language", "Referer", "SessionID", "User Agent", "IP Address", "Longitude"]
    header += ["Latitude", "Country", "City", "State/Region", "Postal"]
    header += [f"{park}:Which parks did you visit?" for park in PARKS]
    header += [f"The {item.lower()} are good:How far do you agree?" for item in ITEMS]
    header += ["How satisfied are you with the parks?", "Hours a week in parks"]
    rows: Rows = [header]
    for i in range(COUNT):
        chosen = parks(i)
        row = [i + 1, at(i), at(i) + timedelta(minutes=2), "Complete", None, "English", None]
        row += [
            f"s{i}",
            "Browser 1.0",
            f"192.0.2.{i}",
            -0.1 - i / 100,
            51.5,
            None,
            None,
            None,
            None,
        ]
        row += [park if park in chosen else None for park in PARKS]
        rows.append([*row, *(agreement(i, n) for n in range(3)), satisfied(i), hours(i)])
    return {"Sheet": rows}


def redcap(labels: bool = True) -> Sheets:
    if labels:
        header = ["Record ID", "Survey Identifier", "Survey Timestamp"]
        header += [f"Which parks did you visit? (choice={park})" for park in PARKS]
        header += ["How satisfied are you with the parks?", "Complete?"]
    else:
        header = ["record_id", "redcap_survey_identifier", "parks_timestamp"]
        header += [f"visited___{n}" for n in range(1, 5)] + ["satisfied", "parks_complete"]
    rows: Rows = [header]
    marks = ("Checked", "Unchecked") if labels else (1, 0)
    for i in range(COUNT):
        chosen = parks(i)
        row = [i + 1, None, at(i), *(marks[park not in chosen] for park in PARKS)]
        rows.append([*row, satisfied(i), "Complete" if labels else 2])
    return {"Sheet1": rows}


def jotform() -> Sheets:
    header = ["Submission Date", "Which parks did you visit?", "How satisfied are you?"]
    rows: Rows = [
        [
            *header,
            "How far do you agree? >> The benches",
            "How far do you agree? >> The paths",
            "Submission ID",
        ]
    ]
    for i in range(COUNT):
        row = [at(i), "\n".join(parks(i)), satisfied(i), agreement(i), agreement(i, 1)]
        rows.append([*row, 5_600_000_000 + i])
    return {"Form": rows}


def german() -> Sheets:
    views = [
        "Stimme voll zu",
        "Stimme eher zu",
        "Teils/teils",
        "Stimme eher nicht zu",
        "Stimme gar nicht zu",
    ]
    header = [
        "Antwort ID",
        "Datum Abgeschickt",
        "Letzte Seite",
        "Start-Sprache",
        "Zufallsstartwert",
    ]
    header += [f"Welche Parks haben Sie besucht? [{park}]" for park in PARKS]
    header += ["Wie zufrieden sind Sie mit den Parks?"]
    header += [f"Wie sehr stimmen Sie zu? [{item}]" for item in ITEMS]
    rows: Rows = [[*header, "Wie alt sind Sie?", "Möchten Sie noch etwas sagen?"]]
    content = ["Sehr zufrieden", "Eher zufrieden", "Eher unzufrieden", "Weiß nicht"]
    for i in range(COUNT):
        chosen = parks(i)
        row = [
            i + 1,
            at(i),
            4,
            "de",
            7700 + 3 * i,
            *("Ja" if p in chosen else "Nein" for p in PARKS),
        ]
        row += [content[i % 4], *(views[(i + n) % 5] for n in range(3)), 20 + (i * 7) % 60]
        rows.append([*row, comment(i)])
    return {"Umfrage": rows}


def by_hand() -> Sheets:
    """A sheet somebody typed: no id, no time, an average below."""
    rows: Rows = [["Team", "Age", "Role satisfaction (1-5)", "Would recommend", "Comments", None]]
    for i in range(COUNT):
        row = [
            pick(["North", "South", "East"], i),
            pick(["Under 25", "25-34", "35-49", "50+"], i, 3),
        ]
        rows.append([*row, i % 5 + 1, pick(["Y", "N"], i), comment(i), "chase" if i == 4 else None])
    rows += [["Average", None, 3.1], [None] * 5, ["Checked by the office in May"]]
    return {"Tabelle1": rows}


def wide() -> Sheets:
    """Twenty grids of twelve rows."""
    header = ["Response ID", "End Date"]
    header += [f"How good is part {g}? - Row {g}.{n}" for g in range(20) for n in range(12)]
    rows: Rows = [header]
    quality = ["Very good", "Good", "Fair", "Poor", "Very poor"]
    for i in range(COUNT):
        rows.append(
            [i + 1, at(i), *(quality[(i + g + n) % 5] for g in range(20) for n in range(12))]
        )
    return {"Responses": rows}


OTHERS: dict[str, Callable[[], Sheets]] = {
    "Typeform": typeform,
    "Alchemer": alchemer,
    "REDCap, labels": redcap,
    "REDCap, codes": lambda: redcap(labels=False),
    "Jotform": jotform,
    "German LimeSurvey": german,
    "by hand": by_hand,
    "wide": wide,
}
"""Layouts beyond the nine tools."""

LAYOUTS: dict[str, Callable[[], Sheets]] = {
    "SurveyMonkey": surveymonkey,
    "Qualtrics": qualtrics,
    "Qualtrics, three rows": lambda: qualtrics(3),
    "Qualtrics, split": lambda: qualtrics(2, joined=False),
    "Microsoft Forms": microsoft_forms,
    "Google Forms": google_forms,
    "SmartSurvey": smartsurvey,
    "Snap, labels": snap,
    "Snap, codes": lambda: snap(labels=False),
    "LimeSurvey, text": limesurvey,
    "LimeSurvey, code": lambda: limesurvey("code"),
    "LimeSurvey, both": lambda: limesurvey("both"),
    "LimeSurvey, two rows": lambda: limesurvey("rows"),
    "KoboToolbox, labels": kobo,
    "KoboToolbox, names": lambda: kobo(labels=False),
    "SPSS": spss,
    "SPSS without values": lambda: spss(values=False),
}


def other_letters() -> Sheets:
    """Questions in Cyrillic, Greek, Japanese, Chinese, Korean and Hebrew letters."""
    asked = {
        "Насколько вы довольны парком?": ["Доволен", "Недоволен", "Ни доволен, ни недоволен"],
        "Πώς έρχεστε στο πάρκο;": ["Με τα πόδια", "Με ποδήλατο", "Με λεωφορείο"],
        "普段どのように公園に来ますか？": [
            "徒歩",
            "自転車",
            "自動車（家族の車に同乗する場合も含みます）",
        ],
        "您通常怎样去公园？": ["步行", "骑自行车", "乘公共汽车"],
        "보통 공원에 어떻게 오십니까?": ["도보", "자전거", "버스"],
        "איך אתם מגיעים לפארק?": ["ברגל", "באופניים", "באוטובוס (קו חמש)"],
    }
    rows: Rows = [["Response ID", *asked]]
    rows += [
        [f"R{i}", *(pick(options, i, n) for n, options in enumerate(asked.values(), start=1))]
        for i in range(40)
    ]
    return {"Responses": rows}
