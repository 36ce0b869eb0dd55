"""Columns that describe the response rather than answer a question: id, time, status, contact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from wavedeck.clean.text import match_key, tidy
from wavedeck.headers import nameless
from wavedeck.inspect.profile import Aside, Column, Guess, Role
from wavedeck.inspect.texts import dates_in, number_in, whole

_RESPONSE = re.compile(
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
_TIME = re.compile(
    _SUBMITTED
    + r"|start ?date|start ?time|start|(?:date )?started(?: at| on)?|date created|created(?: at"
    r"| on)?"
    r"|date ?stamp|last ?action|date de lancement|date de la dernière action|datum (?:gestartet"
    r"|letzte aktivität)|startzeit|heure de début|hora de inicio|date started|today|opened|invited"
    r"|start ?zeit|end ?zeit|last (?:modified|updated|seen)",
    re.I,
)
_SUBMITTED_ORDER = [
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
_STATUS = re.compile(
    r"(?:response |survey |completion |completed? |interview |record )?status|response ?type"
    r"|finished"
    r"|complete[d]?\??|completion|is complete|outcome|disposition|_status|outcome code",
    re.I,
)
_OTHER = re.compile(
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
_ORDINARY = re.compile(
    r"language|source|medium|channel|mode|platform|version|score|graded?|device(?: type)?"
    r"|fraud.{0,12}|quota.{0,12}|tags?|link|time ?spent",
    re.I,
)
"""Words that tools use for columns of their own, and people for questions."""
_OTHER_CODES = re.compile(r"(?:interview|group|question|q\w{1,12})time\d*|\w+Time", re.A)
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
_ID_LIKE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z_-])[A-Za-z0-9_:.-]{4,80}")
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
_ORGANISATION = re.compile(
    r"(?:(?:the )?name of (?:your |the )?|your |which )?(?:organi[sz]ation|council"
    r"|local authority|trust|company"
    r"|school|employer|institution|authority|charity|university|practice)(?: name)?"
    r"(?: (?:do|are) you .*)?\??",
    re.I,
)


def asides_of(columns: Sequence[Column]) -> list[Aside]:
    """Columns that are no questions, each with its role; at most one of each role but 'contact' and
    'other'."""
    count = len(columns[0].values) if columns else 0
    found: dict[int, Aside] = {}
    for column in columns:
        if guess := _contact(column):
            found[column.index] = Aside(column, "contact", guess)
    for column in columns:
        if column.name == nameless(column.index):
            found.setdefault(column.index, Aside(column, "other", Guess("sure", "no header")))
    free = [column for column in columns if column.index not in found]
    if response := _response(free, count):
        found[response.column.index] = response
    times = [c for c in free if c.index not in found and _is_time(c)]
    if submitted := _submitted(times):
        guess = Guess("sure", "its name and its dates")
        found[submitted.index] = Aside(submitted, "submitted", guess)
    elif moment := _moment([c for c in free if c.index not in found]):
        found[moment.index] = Aside(moment, "submitted", Guess("likely", "days and times of day"))
    status = None
    for column in free:
        if column.index in found:
            continue
        if column in times:
            found[column.index] = Aside(column, "other", Guess("sure", "a time of the tool"))
        elif status is None and _is_status(column):
            status = column
            found[column.index] = Aside(column, "status", Guess("sure", "its name and few texts"))
        elif reason := _other(column, count):
            found[column.index] = Aside(column, "other", reason)
    return [found[index] for index in sorted(found)]


def organisation_in(columns: Sequence[Column]) -> Column | None:
    """A column that names the organisation a respondent speaks for, when every row fills it."""
    for column in columns:
        if any(_ORGANISATION.fullmatch(name) for name in _titles(column)):
            answers = column.answers()
            if len(answers) == len(column.values) and len(set(answers)) > max(12, len(answers) / 4):
                return column
    return None


def _titles(column: Column) -> list[str]:
    """The names a column goes by, tidied."""
    base = re.sub(r" \[\d+\]$", "", column.name)
    return [
        tidy(text).rstrip(":*") for text in (column.code, column.title, column.stem, base) if text
    ]


def _named(column: Column, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(title) for title in _titles(column))


def _response(columns: Sequence[Column], count: int) -> Aside | None:
    for column in columns:
        values = [tidy(value or "") for value in column.values]
        unique = all(values) and len(set(values)) == count
        if unique and _named(column, _RESPONSE) and not _is_time(column):
            return Aside(column, "response", Guess("sure", "its name, and no two are the same"))
    for column in columns[:3]:
        numbers = [whole(value or "") for value in column.values]
        if None not in numbers and count > 3 and len(set(numbers)) == count:
            given = [number for number in numbers if number is not None]
            if given == list(range(given[0], given[0] + count)):
                return Aside(column, "response", Guess("likely", "numbers that run on by one"))
    return None


def names_a_response(column: Column) -> bool:
    """Whether a column is called like the id of a response."""
    return _named(column, _RESPONSE)


def _is_time(column: Column) -> bool:
    if not _named(column, _TIME):
        return False
    answers = column.answers()
    return not answers or dates_in(answers) is not None or _mostly_dates(answers)


def _mostly_dates(answers: Sequence[str]) -> bool:
    return sum(dates_in([answer]) is not None for answer in answers) >= 0.9 * len(answers)


def _submitted(times: Sequence[Column]) -> Column | None:
    filled = [column for column in times if column.answers()]
    for pattern in _SUBMITTED_ORDER:
        for column in filled:
            if _named(column, pattern):
                return column
    return None


def _moment(columns: Sequence[Column]) -> Column | None:
    """A column that looks like a time stamp by what it holds, the likeliest by its name."""
    found = []
    for column in columns:
        answers = column.answers()
        if len(answers) < max(1, 0.5 * len(column.values)) or not _mostly_dates(answers):
            continue
        moments = [date for answer in answers for date in dates_in([answer]) or []]
        timed = sum((m.hour, m.minute, m.second) != (0, 0, 0) for m in moments)
        if timed >= 0.8 * len(moments):
            found.append(column)
    for pattern in (r"submi|complet", r"time ?stamp|end|finish", r"date|time"):
        for column in found:
            if any(re.search(pattern, title, re.I) for title in _titles(column)):
                return column
    return None


def _is_status(column: Column) -> bool:
    answers = [match_key(answer) for answer in column.answers()]
    if not _named(column, _STATUS) or not answers:
        return False
    return len(set(answers)) <= 12 and len(set(answers)) < max(2, len(answers))


def _other(column: Column, count: int) -> Guess | None:
    if _named(column, _ORDINARY):
        return None if _asked(column) else Guess("likely", "a column of the tool, by its name")
    if any(_OTHER.fullmatch(title) or _STATUS.fullmatch(title) for title in _titles(column)):
        return Guess("sure", "a column of the tool, by its name")
    if column.code and _OTHER_CODES.fullmatch(column.code) and _durations(column):
        return Guess("likely", "a time that the tool measured")
    if _named(column, _RESPONSE):
        return Guess("likely", "an id, by its name")
    answers = column.answers()
    if column.code and re.fullmatch(r"\w+_complete", column.code):
        return Guess("likely", "whether a form is complete, by its name")
    tokens = [tidy(answer) for answer in answers]
    codes = count >= 8 and len(set(tokens)) == count and all(map(_ID_LIKE.fullmatch, tokens))
    if codes and dates_in(tokens) is None:
        return Guess("likely", "a code of its own in every row: an id")
    numbers = [whole(answer) for answer in answers]
    if count >= 10 and len(answers) == count and None not in numbers:
        runs = [n for n in numbers if n is not None]
        if runs == list(range(runs[0], runs[0] + count)):
            return Guess("likely", "numbers that run on by one")
        large = sum(abs(number or 0) >= 1_000_000 for number in numbers) > 0.9 * count
        if large and len(set(numbers)) == count:
            return Guess("likely", "long numbers, no two the same: an id")
    return None


def _asked(column: Column) -> bool:
    """Whether a column holds a few different answers that repeat, as a question's does."""
    counts = Counter(map(match_key, column.answers()))
    return 1 < len(counts) <= 15 and counts.total() >= 2.5 * len(counts)


def _durations(column: Column) -> bool:
    answers = column.answers()
    return bool(answers) and all(number_in(answer) is not None for answer in answers)


def _contact(column: Column) -> Guess | None:
    """A person's address by what the column holds, or by its name where answers repeat little."""
    answers = [tidy(answer) for answer in column.answers()]
    known = [answer for answer in answers if len(answer) > 1]
    if known:
        for pattern, what in _PERSONAL.items():
            if sum(bool(pattern.fullmatch(answer)) for answer in known) >= 0.4 * len(known):
                return Guess("sure", f"it holds {what}")
        phones = sum(
            bool(_PHONE.fullmatch(a)) and (a[0] in "+(0" or " " in a) and dates_in([a]) is None
            for a in known
        )
        if phones >= 0.6 * len(known) and phones >= 2:
            return Guess("sure", "it holds telephone numbers")
    if any(_COORDINATE.search(title) for title in (column.name, column.code)):
        return Guess("sure", "its name")
    named = [title for title in _titles(column) if _CONTACT.search(title)]
    if not named:
        return None
    if re.search(
        r"organi[sz]ation|council|company|school|trust|survey|collector|form name", named[0], re.I
    ):
        return None
    times = Counter(map(match_key, known))
    closed = len(times) <= 12 and len(known) >= 2 * max(1, len(times)) and len(known) >= 6
    spread = bool(times) and set(times) <= {
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


def role_named(role: Role) -> str:
    """The words for a role."""
    return {
        "response": "the response's id",
        "submitted": "when it was submitted",
        "status": "its status",
        "organisation": "the organisation",
        "contact": "contact, never read",
        "other": "not used",
    }[role]
