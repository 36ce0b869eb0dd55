"""Columns that hold how to reach a person, by what they hold or by their name."""

from __future__ import annotations

import re
from collections import Counter

from wavedeck.clean.text import match_key, tidy
from wavedeck.inspect.called import titles_of
from wavedeck.inspect.profile import Column, Guess
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
    r"|\bname of (?:the )?respondent",
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
    named = [title for title in titles_of(column) if _CONTACT.search(title)]
    if not named:
        return None
    if re.search(
        r"organi[sz]ation|council|company|school|trust|survey|collector|form name", named[0], re.I
    ):
        return None
    times = set(map(match_key, known))
    closed = len(times) <= 12 and total >= 2 * max(1, len(times)) and total >= 6
    spread = bool(times) and times <= {
        "yes",
        "no",
        "0",
        "1",
        "true",
        "false",
        "x",
        match_key(column.item),
    }
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
