"""Which survey tool made an export, by what only it writes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wavedeck.clean.text import match_key
from wavedeck.inspect.profile import Column
from wavedeck.inspect.sheets import Table


def tool_of(table: Table, columns: Sequence[Column], sheets: Sequence[str]) -> tuple[str, str]:
    """(tool, reason); two empty texts where nothing tells."""
    names = {match_key(column.name.split(" › ")[0]) for column in columns}
    every = {match_key(text) for column in columns for text in (column.name, column.title)}
    every |= {match_key(column.code) for column in columns if column.code}
    lower = {match_key(part) for column in columns for part in column.name.split(" › ")[1:]}
    codes = {column.code for column in columns if column.code}
    start = table.header.first - 1
    heads = [cell or "" for row in table.raw.rows[start : start + 3] for cell in row]
    third = any('"ImportId"' in cell for cell in heads)
    if third or (
        {"startdate", "enddate", "recordeddate"} <= every
        and ("finished" in every or "progress" in every)
    ):
        return "Qualtrics", "its column names (StartDate, RecordedDate, Finished)"
    if {"start date", "end date", "recorded date"} <= every:
        return "Qualtrics", "its column names (Start Date, Recorded Date)"
    if {"respondent id", "collector id"} <= names | every:
        return "SurveyMonkey", "its column names (Respondent ID, Collector ID)"
    if "open-ended response" in lower and "response" in lower:
        return "SurveyMonkey", "'Response' and 'Open-Ended Response' in the second row"
    if {"start time", "completion time"} <= every or {"startzeit", "fertigstellungszeit"} <= every:
        return "Microsoft Forms", "its column names (Start time, Completion time)"
    if {"_uuid", "_submission_time"} & every and ("_id" in every or "_index" in every):
        return "KoboToolbox", "its column names (_uuid, _submission_time)"
    if any(code.startswith("formhub/") for code in codes):
        return "KoboToolbox", "its column names (formhub/uuid)"
    first = match_key(columns[0].name) if columns else ""
    if first in ("timestamp", "zeitstempel", "horodateur", "marca temporal", "tijdstempel"):
        return "Google Forms", f"its first column ('{columns[0].name}')"
    if re.match(r"form responses|formularantworten|réponses au formulaire", table.raw.name, re.I):
        return "Google Forms", f"the sheet's name ('{table.raw.name}')"
    lime = {"response id", "date submitted", "last page", "start language"}
    if len(lime & every) >= 3 or {"submitdate", "lastpage"} & every or "startlanguage" in every:
        return "LimeSurvey", "its column names (last page, start language)"
    if any(re.fullmatch(r"\w+\[SQ\d+\](?:\[\d\])?", code) for code in codes):
        return "LimeSurvey", "its column codes (Q1[SQ001])"
    if {"antwort id", "datum abgeschickt"} <= every:
        return "LimeSurvey", "its column names (Antwort ID, Datum Abgeschickt)"
    if {"time started", "sessionid", "extended referer"} & every and "sessionid" in every:
        return "Alchemer", "its column names (SessionID, Time Started)"
    if {"submit date (utc)", "network id"} & every:
        return "Typeform", "its column names (Network ID, Submit Date (UTC))"
    redcap = any(re.search(r"___\d+$", code) for code in codes) and "record_id" in every
    if redcap or any("(choice=" in column.name for column in columns):
        return "REDCap", "its columns of choices (___1, choice=)"
    if {"userid", "tracking link"} & every or {"user id", "started", "ended"} <= every:
        return "SmartSurvey", "its column names (UserID, Tracking Link)"
    answers = {match_key(a) for column in columns for a in column.answers()[:60]}
    if {"no reply", "not asked"} <= answers or "no reply" in answers:
        return "Snap", "its words for missing (No Reply, Not Asked)"
    if (
        any(re.match(r"variable values|value labels|values", name, re.I) for name in sheets)
        and codes
    ):
        return "SPSS", "variable names in the header and a sheet of values"
    return "", ""
