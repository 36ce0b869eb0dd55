"""Columns that hold how to reach a person, by what they hold or by their name."""

from __future__ import annotations

import re
from collections import Counter

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.called import titles_of
from wavedeck.inspect.profile import Column, Guess
from wavedeck.inspect.spread import CHOSEN, UNCHOSEN
from wavedeck.inspect.texts import dates_in

_CONTACT = re.compile(
    r"\be-?mails?\b|\be-?mail(?:adresse|address)|\bcourriel|correo electr"
    r"|adresse (?:électronique|mail)"
    r"|\b(?:tele)?phone\b|\bmobile(?: (?:number|phone|no))\b|\btel(?:\.| no| number)|telefon"
    r"|téléphone"
    r"|teléfono|\bip ?-?addr|^ip$|^ip-adresse$|\bl(?:ocation)?(?:at|ong?)itude\b|^lat$|^l(?:on|ng)$"
    r"|^_?geolocation$|^_?gps\b|_(?:latitude|longitude|altitude|precision)$|\bcoordinates?\b"
    r"|^altitude$|^[xy]$"
    r"|\bfull name\b|^name$|^your name|(?:first|last|given|family|middle|sur) ?name\b"
    r"|\bforename|^vorname"
    r"|^nachname|^nombre|^apellido|^prénom|^nom$|recipient|\brespondent(?:'s)? name\b"
    r"|\bcontact (?:name|details|number)"
    r"|enter your name|what is your (?:full )?name|\b(?:postal|home|street|mailing) address\b"
    r"|^address(?: line)?(?: \d)?$|^address \d|\bpost ?code\b|\bzip(?: code)?\b|\bpostcode\b"
    r"|postleitzahl|code postal"
    r"|^signature|\btwitter|\blinkedin|^skype|e-?mail$|\bwhatsapp|date of birth|\bdob\b"
    r"|geburtsdatum"
    r"|national insurance|nhs number|respondent_?email|username_email"
    r"|\bname of (?:the )?respondent|\byour name\b|^name\b[ (,.:-]{0,3}(?:optional.{0,3})?$"
    r"|^mobile$"
    r"|\b(?:customer|client|participant|student|pupil|patient|parent|guardian|employee|volunteer"
    r"|member|carer|interviewee|applicant|resident|user|contact|child(?:'s)?) name\b"
    r"|\bbirth ?(?:date|day)\b|^street(?: name)?$|^house (?:name|number|no)\b|\bcell ?phone\b"
    r"|\bni number\b|\bnhs no\b|\bsocial security\b|^initials$|\bfull address\b"
    r"|\bname of (?:the )?person|\bshould we call you\b|^(?:name|naam) \d$|^ihr name$|^naam$"
    r"|^nom complet$|\b(?:display|person) name$|\bmanager(?:'s)? name$"
    r"|\b(?:employee|staff|student|pupil|payroll|personnel|membership|patient|passport|customer"
    r"|client|candidate) (?:id|no|number|ref(?:erence)?)\b",
    re.I,
)
_PERSON = re.compile(
    r"(?:(?:completed|submitted|created|entered|reported|signed|interviewed|filled (?:in|out))"
    r"(?: by)?|author|creator|user|username|responder|respondent|interviewee|participant"
    r"|(?:your )?contact(?: person)?|person|who are you\??|.*\b(?:name|naam|nom|nombre)\b.*)",
    re.I,
)
"""What may hold a person's name: what stands in the column decides."""
_WORDS_OF_A_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]{1,2}[^\W\d_][^\W_.'’-]*){1,4}\.?")
_ORGANISATION = re.compile(
    r"organi[sz]ation|council|company|school|trust|survey|collector|form name|brand|product|site"
    r"|street|town|city|village|park|building|hospital|department|team|course|event|project",
    re.I,
)
_CONTACT_NAME = re.compile(
    r"(?:your |respondent |recipient ?)?(?:e-?mail(?: address)?|(?:full|first|last|given"
    r"|family) ?name|name|surname"
    r"|forename|(?:tele)?phone(?: number)?|mobile(?: number)?|ip ?address|post ?code"
    r"|zip(?: code)?|address"
    r"|vorname|nachname|e-mail-adresse|nom|prénom)",
    re.I,
)
_NOT_CONTACT = re.compile(
    r"how|which|agree|satisf|rate|often|prefer|communicat|channel|useful|used?\b", re.I
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}", re.I)
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.I)
_DEGREES = r"-?\d{1,3}\.\d{2,}"
_PLACE = re.compile(rf"{_DEGREES}(?:, ?| ){_DEGREES}(?:[ ,]+-?\d+(?:\.\d+)?){{0,2}}")
_FILE = re.compile(
    r"https?://\S+|\S.{0,120}\.(?:jpe?g|png|gif|pdf|heic|docx?|mp[34]|m4a|mov)", re.I
)
_PHONE = re.compile(r"\+?\(?\d(?:[ ().-]{0,2}\d){8,14}")
_PERSONAL = {
    _EMAIL: "email addresses",
    _IP: "IP addresses",
    _POSTCODE: "postcodes",
    _PLACE: "coordinates",
    _FILE: "web addresses or files",
}
_COORDINATE = re.compile(r"_(?:latitude|longitude|altitude|precision)$", re.I)


def contact_of(column: Column) -> Guess | None:
    """A person's address by what the column holds, or by its name where answers repeat little."""
    known = Counter[str]()
    for answer, count in column.times().items():
        if len(tidied := tidy(answer)) > 1:
            known[tidied] += count
    total = known.total()
    if known:
        for pattern, what in _PERSONAL.items():
            if sum(n for answer, n in known.items() if pattern.fullmatch(answer)) >= 0.4 * total:
                return Guess("sure", f"it holds {what}")
        phones = sum(
            n
            for a, n in known.items()
            if _PHONE.fullmatch(a) and (a[0] in "+(0" or " " in a) and dates_in([a]) is None
        )
        if phones >= 0.6 * total and phones >= 2:
            return Guess("sure", "it holds telephone numbers")
    if any(_COORDINATE.search(title) for title in (column.name, column.code)):
        return Guess("sure", "its name")
    titles = _spelled(column)
    if _names_of_people(titles, known):
        return Guess("likely", "it holds names of people")
    if dates_in(known) and any(re.search(r"\bborn\b", title, re.I) for title in titles):
        return Guess("sure", "it holds dates of birth")
    named = [title for title in titles if _CONTACT.search(title)]
    if not named or (column.item and not column.times()):
        return None  # an option that nobody chose is one nevertheless
    if re.search(
        r"organi[sz]ation|council|company|school|trust|survey|collector|form name", named[0], re.I
    ):
        return None
    # A tick is one letter: an option such as 'Letter, email' says 1 and 0, and is no address.
    given = column.given()
    times = set(map(match_key, given))
    closed = len(times) <= 12 and given.total() >= max(6, 2 * len(times))
    spread = bool(times) and times <= {*CHOSEN, *UNCHOSEN, match_key(column.item)}
    if _CONTACT_NAME.fullmatch(named[0]) and not spread:
        return Guess("sure", "its name")
    if closed or spread or (times and _NOT_CONTACT.search(named[0]) and len(named[0]) > 60):
        # 'How do you like to be contacted? Email: yes' asks about emails and holds none.
        location = re.search(r"latitude|longitude|^lat$|^lon|address$", named[0], re.I)
        if not (location and not spread):
            return None
    about_email = re.search(r"e-?mail|courriel|correo", named[0], re.I) and len(named[0]) > 25
    if about_email and known and not any(_EMAIL.search(answer) for answer in known):
        return None
    return Guess("sure" if len(named[0]) <= 30 else "likely", "its name")


def _names_of_people(titles: list[str], known: Counter[str]) -> bool:
    """Whether a column that may hold names holds two or more words a cell, hardly any twice."""
    may = any(_PERSON.fullmatch(t) and not _ORGANISATION.search(t) and len(t) <= 60 for t in titles)
    total = known.total()
    if not may or total < 3 or len(set(map(match_key, known))) < 0.7 * total:
        return False
    return sum(n for a, n in known.items() if _WORDS_OF_A_NAME.fullmatch(a)) >= 0.6 * total


def _spelled(column: Column) -> list[str]:
    """The names a column goes by, the same in words ('respondent_name', 'FirstName'), and without
    a question's number."""
    titles = titles_of(column)
    titles += [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title).replace("_", " ") for title in titles]
    titles += [
        re.sub(r"^(?:[Qq] ?\d+[a-z]?|\d+[a-z]?)[.:) ]+(?=\S)", "", title) for title in titles
    ]
    return list(dict.fromkeys(map(tidy, titles)))
