"""Answers put in the order of their scale.

A label is read as a word with a direction and a strength ('tend to disagree': agreement, against,
middling), as a step of a known list ('weekly'), or as a range of numbers ('18-24', 'under 1 year').
Only when every label of a question can be read in one of these ways are they put in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wavedeck.clean.text import match_key
from wavedeck.inspect.profile import Guess, OptionGuess, ScaleGuess
from wavedeck.inspect.texts import is_not_asked, number_in

_APART = re.compile(
    r"(?:i )?do(?:n't| not) know.*|dk|not sure.*|unsure.*|can't say|cannot say|no opinion.*|prefer not to"
    r".*|(?:i'd )?rather not .*|not applicable.*|n/?a\b.*|not relevant.*|too early to .*|no view"
    r"|(?:does|do) not apply.*|decline.*|weiß nicht|weiss nicht|keine angabe|ne sai[st] pas|je ne sais pas"
    r"|sans opinion|no s[ée]|no sabe.*|ns/nc|não sei|weet niet|can't remember|don't remember|undecided",
    re.I,
)
_OTHER = re.compile(
    r"others?\b.{0,60}|(?:none|neither|no one) of (?:the|these|those).{0,30}|something else.{0,30}"
    r"|sonstige.{0,30}|andere.{0,30}|autres?\b.{0,30}|otr[oa]s?\b.{0,30}|keine davon|aucun.{0,30}",
    re.I,
)
_BARE_OTHER = re.compile(
    r"others?(?: \(.*\)|[,:-]? ?(?:please )?(?:specify|state|describe|write in).*)?:?|other answers?|something else"
    r"(?: \(.*\))?|sonstiges?|andere[rs]?|autres?(?: \(.*\))?|otr[oa]s?(?: \(.*\))?",
    re.I,
)
_PAIRS = (
    # (family, the words of one side, those of the other)
    ("agreement", r"agree|agreed", r"disagree|disagreed"),
    ("satisfaction", r"satisfied", r"dissatisfied|unsatisfied"),
    ("likelihood", r"likely|probable", r"unlikely|improbable"),
    ("ease", r"easy", r"difficult|hard"),
    ("support", r"support|supportive|favou?r|in favou?r", r"oppose|opposed|against|unsupportive"),
    ("approval", r"approve", r"disapprove"),
    ("favourability", r"favou?rable|favou?rably", r"unfavou?rable|unfavou?rably"),
    ("safety", r"safe", r"unsafe"),
    ("happiness", r"happy", r"unhappy"),
    ("importance", r"important", r"unimportant"),
    ("helpfulness", r"helpful", r"unhelpful"),
    ("usefulness", r"useful", r"useless"),
    ("effect", r"positive|positively", r"negative|negatively"),
    ("change", r"better|improved|improve", r"worse|worsened|worsen"),
    ("amount of change", r"increased?|more", r"decreased?|less|fewer|reduced"),
    ("level", r"high|higher", r"low|lower"),
    ("how well", r"well", r"badly|poorly"),
    ("effectiveness", r"effective", r"ineffective"),
    ("fairness", r"fair|fairly treated", r"unfair"),
    ("comfort", r"comfortable", r"uncomfortable"),
    ("familiarity", r"familiar", r"unfamiliar"),
    ("confidence", r"confident|confidence", r"unconfident"),
    ("strength", r"strong|strongly", r"weak|weakly"),
    ("satisfaction (German)", r"zufrieden", r"unzufrieden"),
    ("satisfaction (French)", r"satisfaite?|satisfait\(e\)", r"insatisfaite?|insatisfait\(e\)"),
    ("satisfaction (Spanish)", r"satisfech[oa]", r"insatisfech[oa]"),
    ("concern", r"concerned|worried", r"unconcerned|not worried"),
    ("interest", r"interested", r"uninterested"),
    ("success", r"successful", r"unsuccessful"),
    ("engagement", r"engaged", r"disengaged"),
    ("knowledge", r"informed|aware|knowledgeable", r"uninformed|unaware"),
    ("involvement", r"involved", r"uninvolved"),
    ("relevance", r"relevant", r"irrelevant"),
    ("influence", r"influential|influence", r"uninfluential"),
    ("clarity", r"clear", r"unclear"),
    ("priority", r"priority", r"non-priority"),
)  # fmt: skip
_STRENGTHS = (
    (3.0, r"extremely|completely|totally|strongly|very|definitely|highly|fully|entirely|a great deal"
          r"|voll(?: und ganz)?|völlig|sehr|tout à fait|très|totalement|muy|totalmente|absolutely|much|a lot"),
    (2.0, r"mostly|generally|largely|considerably|eher|plutôt|bastante|tend to|probably"),
    (1.5, r"fairly|quite|moderately|reasonably|rather|ziemlich|assez"),
    (1.0, r"somewhat|slightly|a little|a bit|partly|partially|etwas|un peu|algo|mildly|little|minimally"),
)  # fmt: skip
_MIDDLE = re.compile(
    r"neither\b.*|neutral.*|undecided|no difference|about the same|(?:stayed |remained )?the same.*"
    r"|no change.*|mixed|in between|teils.*|weder.*|ni .*|average|unchanged|no effect|no impact|no view either way"
    r"|not \w+ (?:n?or) \w+",
    re.I,
)
_NOT = re.compile(
    r"^(?:not at all|not|no|überhaupt nicht|gar nicht|nicht|pas du tout|pas|para nada|nada|un)\b",
    re.I,
)
_LISTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "quality": (
        ("excellent", "outstanding", "exceptional"), ("very good",), ("good",),
        ("fair", "ok", "okay", "average", "acceptable", "satisfactory", "adequate", "neutral", "neither good nor poor", "neither good nor bad"),
        ("poor", "bad", "below average", "unsatisfactory", "inadequate", "requires improvement"),
        ("very poor", "very bad", "horrible", "terrible", "awful", "unacceptable"),
    ),
    "frequency": (
        ("always", "every time", "all of the time", "all the time", "constantly", "immer", "toujours", "siempre"),
        ("almost always", "nearly always"),
        ("very often", "very frequently", "most of the time", "sehr oft"),
        ("often", "frequently", "usually", "regularly", "a lot of the time", "oft", "häufig", "souvent", "a menudo"),
        ("sometimes", "some of the time", "about half the time", "manchmal", "parfois", "quelquefois", "a veces"),
        ("occasionally", "from time to time", "now and then", "gelegentlich"),
        ("rarely", "seldom", "hardly ever", "almost never", "not often", "infrequently", "very rarely", "selten", "rarement", "raramente"),
        ("never", "not at all", "none of the time", "nie", "jamais", "nunca"),
    ),
    "how often": (
        ("several times a day", "more than once a day", "multiple times a day", "hourly"),
        ("daily", "every day", "once a day", "at least once a day", "every weekday", "täglich"),
        ("almost every day", "most days", "several times a week", "more than once a week", "a few times a week", "2-3 times a week", "two or three times a week"),
        ("weekly", "once a week", "every week", "at least once a week", "about once a week", "wöchentlich"),
        ("fortnightly", "every two weeks", "biweekly", "every fortnight", "a few times a month", "several times a month", "2-3 times a month", "two or three times a month"),
        ("monthly", "once a month", "every month", "at least once a month", "about once a month", "monatlich"),
        ("every two months", "every few months", "a few times a year", "several times a year"),
        ("quarterly", "every three months", "once a quarter"),
        ("twice a year", "every six months", "half-yearly", "once or twice a year"),
        ("yearly", "annually", "once a year", "every year", "about once a year", "at least once a year", "jährlich"),
        ("less often", "less than once a year", "less frequently", "less than monthly", "less than once a month", "rarely", "seldom", "seltener"),
        ("never", "not at all", "nie", "jamais", "nunca"),
    ),
    "importance": (
        ("critical", "essential", "extremely important", "vital", "crucial"),
        ("very important", "highly important"), ("important", "quite important", "fairly important", "rather important"),
        ("moderately important",), ("somewhat important", "of some importance"), ("slightly important", "a little important", "of little importance", "minor importance"),
        ("not very important", "not so important", "not particularly important", "low importance"),
        ("not important", "unimportant", "not at all important"),
    ),
    "extent": (
        ("to a very great extent", "to a very large extent", "completely", "entirely", "fully"),
        ("to a great extent", "to a large extent", "a great extent", "great extent"),
        ("to a moderate extent", "to a reasonable extent", "moderate extent"),
        ("to some extent", "some extent", "partly", "partially"),
        ("to a small extent", "to a limited extent", "to a little extent", "small extent", "slightly"),
        ("not at all", "to no extent", "no extent"),
    ),
    "amount": (
        ("a great deal", "a lot", "very much", "a large amount", "lots"),
        ("a fair amount", "quite a lot", "quite a bit", "a good deal", "a moderate amount", "moderately"),
        ("some", "somewhat", "a bit", "a small amount"),
        ("just a little", "a little", "not very much", "not much", "a little bit", "only a little"),
        ("hardly anything", "hardly any", "very little", "almost nothing"),
        ("nothing at all", "nothing", "not at all", "none at all", "none"),
    ),
    "probability": (
        ("yes, definitely", "definitely", "definitely yes", "definitely will", "certainly", "yes definitely", "yes, certainly", "definitely would"),
        ("yes, probably", "probably", "probably yes", "probably will", "yes, to some extent", "to some extent", "yes probably", "most likely", "probably would", "yes, somewhat"),
        ("maybe", "possibly", "perhaps", "might or might not", "unsure", "not sure", "might"),
        ("probably not", "probably will not", "no, probably not", "unlikely", "probably wouldn't", "not really", "no, not really"),
        ("no, definitely not", "definitely not", "definitely will not", "certainly not", "no", "no, not at all", "not at all", "definitely wouldn't"),
    ),
    "yes or no": (("yes", "ja", "oui", "sí", "si", "sim", "true", "y"), ("partly", "in part", "sometimes", "somewhat", "to some extent", "maybe", "possibly", "perhaps", "planned", "not yet"), ("no", "nein", "non", "não", "nee", "false", "n")),
    "agreement (German)": (
        ("stimme voll und ganz zu", "stimme voll zu", "stimme völlig zu", "trifft voll zu", "trifft voll und ganz zu", "trifft völlig zu"),
        ("stimme zu", "stimme eher zu", "trifft eher zu", "trifft zu"),
        ("teils/teils", "teils teils", "teils, teils", "teils-teils", "weder noch", "neutral", "unentschieden"),
        ("stimme eher nicht zu", "trifft eher nicht zu", "lehne eher ab"),
        ("stimme nicht zu", "stimme gar nicht zu", "stimme überhaupt nicht zu", "trifft nicht zu", "trifft gar nicht zu", "trifft überhaupt nicht zu"),
    ),
    "agreement (French)": (
        ("tout à fait d'accord",), ("d'accord", "plutôt d'accord"), ("ni d'accord ni pas d'accord", "ni d'accord, ni pas d'accord", "neutre", "sans avis"),
        ("pas d'accord", "plutôt pas d'accord"), ("pas du tout d'accord",),
    ),
    "agreement (Spanish)": (
        ("totalmente de acuerdo", "muy de acuerdo"), ("de acuerdo", "algo de acuerdo"), ("ni de acuerdo ni en desacuerdo", "neutral", "indiferente"),
        ("en desacuerdo", "algo en desacuerdo"), ("totalmente en desacuerdo", "muy en desacuerdo"),
    ),
    "size": (("very large", "extra large"), ("large", "big"), ("medium", "medium-sized", "average"), ("small",), ("very small", "micro", "tiny")),
    "level of change": (
        ("much better", "a lot better", "greatly improved", "improved a lot"), ("better", "a little better", "somewhat better", "slightly better", "improved", "improved a little"),
        ("about the same", "the same", "no change", "no difference", "stayed the same", "neither better nor worse", "unchanged"),
        ("worse", "a little worse", "somewhat worse", "slightly worse", "got worse"), ("much worse", "a lot worse", "got a lot worse"),
    ),
    "experience": (("expert",), ("advanced", "experienced", "proficient"), ("intermediate", "competent", "some experience"), ("beginner", "novice", "basic", "little experience"), ("none", "no experience")),
    "degree": (("very high", "extremely high"), ("high",), ("medium", "moderate", "average"), ("low",), ("very low",), ("none",)),
}  # fmt: skip
_THIRD = ("agreement (German)", "agreement (French)", "agreement (Spanish)")
_TWO_SIDED_LISTS = {"quality", "probability", "level of change", *_THIRD}
_MIDDLES_OF_LISTS = {
    "quality": _LISTS["quality"][3],
    "probability": _LISTS["probability"][2],
    "level of change": _LISTS["level of change"][2],
    **{name: _LISTS[name][2] for name in _THIRD},
}
_NET_WORDS = {
    "agreement": ("Agree", "Disagree"), "satisfaction": ("Satisfied", "Dissatisfied"), "likelihood": ("Likely", "Unlikely"),
    "ease": ("Easy", "Difficult"), "support": ("Support", "Oppose"), "approval": ("Approve", "Disapprove"),
    "favourability": ("Favourable", "Unfavourable"), "safety": ("Safe", "Unsafe"), "happiness": ("Happy", "Unhappy"),
    "effect": ("Positive", "Negative"), "change": ("Better", "Worse"), "level of change": ("Better", "Worse"),
    "probability": ("Probably or definitely", "Probably not, or no"), "comfort": ("Comfortable", "Uncomfortable"), "effectiveness": ("Effective", "Ineffective"),
}  # fmt: skip
_UNITS = (
    (r"seconds?|secs?", 1 / 3600), (r"minutes?|mins?", 1 / 60), (r"hours?|hrs?", 1.0), (r"days?", 24.0), (r"weeks?", 168.0),
    (r"months?", 730.0), (r"years?|yrs?", 8760.0),
)  # fmt: skip
_BAND_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?\s*(?:k\b|m\b|million|thousand)?", re.I)
_UNDER = re.compile(
    r"\b(?:under|less than|below|fewer than|up to|younger|unter|moins de|menos de|or less|or under|and under|or fewer|within)\b|^\s*[<≤]",
    re.I,
)
_OVER = re.compile(
    r"\b(?:over|more than|above|older|greater than|at least|über|plus de|más de|or (?:more|over|older|above)|and (?:over|above|older|more)|longer than|or longer)\b|[+>≥]",
    re.I,
)
_ZERO = {"none", "0", "zero", "no", "nil", "never", "nobody", "keine", "aucun", "ninguno", "not at all"}  # fmt: skip


@dataclass(frozen=True)
class _Order:
    family: str
    order: str
    ranks: dict[str, float]
    middle: tuple[str, ...] = ()


def scale_of(labels: Mapping[str, int], questionnaire: Sequence[str] = ()) -> ScaleGuess:
    """The answers of `labels` (label -> how often it was given) as a scale.

    `questionnaire`: the order of a values sheet, where there is one; it is believed.
    """
    missing = [label for label in labels if is_not_asked(label)]
    apart = [
        label for label in labels if _APART.fullmatch(match_key(label)) and label not in missing
    ]
    rest = [label for label in labels if label not in apart and label not in missing]
    found = _in_order(rest) or _in_order([*rest, *apart])
    if found and set(found.ranks) != set(rest):
        apart = []
    if found is None and len(rest) == 2 and len(apart) == 0:
        found = None
    options = {label: OptionGuess(label) for label in labels}
    for label in missing:
        options[label] = OptionGuess(label, missing="not_asked")
    if questionnaire:
        known = [label for label in questionnaire if label in options]
        ordered = known + [label for label in labels if label not in known]
        if found:
            return _ordered(found, [options[label] for label in ordered], apart)
        return ScaleGuess(
            [options[label] for label in ordered],
            apart=apart,
            guess=Guess("sure", "in the order of the list of values"),
        )
    if found:
        ordered = sorted(found.ranks, key=lambda label: found.ranks[label]) + apart * (
            set(found.ranks) == set(rest)
        )
        return _ordered(found, [options[label] for label in [*ordered, *missing]], apart)
    last = [label for label in rest if _OTHER.fullmatch(match_key(label))]
    first = sorted((label for label in rest if label not in last), key=lambda label: -labels[label])
    confident = len(rest) <= 2
    return ScaleGuess(
        [options[label] for label in [*first, *last, *apart, *missing]],
        apart=apart,
        guess=Guess("sure" if confident else "likely", "no order known: the commonest first"),
    )


def _ordered(found: _Order, options: list[OptionGuess], apart: list[str]) -> ScaleGuess:
    labels = [option.label for option in options if option.label in found.ranks]
    nets: dict[str, list[str]] = {}
    order = found.order
    middle = [label for label in found.middle if label in labels]
    if order == "two_sided" and found.family in _NET_WORDS and (middle or len(labels) % 2 == 0):
        if middle:
            cut = labels.index(middle[0])
            sides = labels[:cut], labels[cut + len(middle) :]
        else:
            sides = labels[: len(labels) // 2], labels[len(labels) // 2 :]
        for words, side in zip(_NET_WORDS[found.family], sides, strict=True):
            if len(side) > 1 and match_key(words) not in {match_key(label) for label in labels}:
                nets[words] = side
            elif len(side) > 1:
                nets[f"{words}, in all"] = side
    return ScaleGuess(
        options,
        order,  # type: ignore[arg-type]
        middle,
        apart,
        nets,
        found.family,
        Guess("sure", f"the words of a scale: {found.family}"),
    )


def _in_order(labels: Sequence[str]) -> _Order | None:
    if len(labels) < 2:
        return None
    for read in (_listed, _stepped, _banded, _paired):
        if found := read(labels):
            return found
    return None


def _listed(labels: Sequence[str]) -> _Order | None:
    """Steps of a known list, each at most once."""
    keys = [re.sub(r"[!.]+$", "", match_key(label)) for label in labels]
    for family, steps in _LISTS.items():
        places = [next((i for i, step in enumerate(steps) if key in step), None) for key in keys]
        if None in places or len(set(places)) < len(places):
            continue
        known = [place for place in places if place is not None]
        if family == "yes or no" and not {0, 2} & set(known):
            continue
        order = "one_sided"
        middle: tuple[str, ...] = ()
        if family in _TWO_SIDED_LISTS:
            middles = _MIDDLES_OF_LISTS[family]
            middle = tuple(label for label, key in zip(labels, keys, strict=True) if key in middles)
            edge = steps.index(middles)
            both = min(known) < edge < max(known)
            order = "two_sided" if both else "one_sided"
        if family == "yes or no":
            order = "unordered"
        return _Order(
            family, order, {l: float(p) for l, p in zip(labels, known, strict=True)}, middle
        )
    return None


def _paired(labels: Sequence[str]) -> _Order | None:
    """Words with a direction and a strength."""
    for family, one, other in _PAIRS:
        ranks: dict[str, float] = {}
        middle = []
        opposed = False
        for label in labels:
            key = match_key(label)
            if _MIDDLE.fullmatch(key):
                middle.append(label)
                ranks[label] = 0.0
                continue
            signed = _signed(key, one, other)
            if signed is None:
                break
            ranks[label] = -signed
            opposed |= bool(re.search(rf"\b(?:{other})\b", key))
        else:
            if len(middle) == len(labels) or len(middle) > 1:
                continue
            if len(set(ranks.values())) < len(ranks):
                continue
            two = opposed and min(ranks.values()) < 0 < max(ranks.values())
            return _Order(
                family, "two_sided" if two else "one_sided", ranks, tuple(middle) if two else ()
            )
    return None


def _signed(key: str, one: str, other: str) -> float | None:
    """The direction and strength of a label; None when its word is not of the pair."""
    text = key
    if re.search(rf"\b(?:{other})\b", text):
        direction, core = -1.0, re.sub(rf"\b(?:{other})\b", " ", text)
    elif re.search(rf"\b(?:{one})\b", text):
        direction, core = 1.0, re.sub(rf"\b(?:{one})\b", " ", text)
    else:
        return None
    negated = bool(_NOT.match(text)) and direction > 0
    if negated:
        if re.match(r"not at all|no\b|überhaupt|gar|pas du tout|para nada|nada", text):
            return -3.0
        if re.match(
            r"not (?:very|particularly|so|too|that|really|quite)\b|pas très|nicht sehr", text
        ):
            return -1.0
        return -2.0
    left = core
    strength = 1.8
    for size, words in _STRENGTHS:
        if re.search(rf"\b(?:{words})\b", core):
            strength = size
            left = re.sub(rf"\b(?:{words})\b", " ", core)
            break
    # Whatever else the label says, it has to be little: 'agree with the first statement' is no step.
    if len(re.findall(r"\w+", left)) > 2:
        return None
    return direction * strength


def _stepped(labels: Sequence[str]) -> _Order | None:
    """Numbers, or labels that begin with one: '1 - not at all', '5'."""
    numbers: dict[str, float] = {}
    for label in labels:
        whole = number_in(label)
        match = re.match(r"\(?(-?\d{1,2})\s*(?:[-–=:.)]|$)\s*(?=\D|$)", label)
        if whole is not None:
            numbers[label] = whole
        elif match:
            numbers[label] = float(match[1])
        else:
            return None
    if len(set(numbers.values())) < len(numbers):
        return None
    return _Order("numbers", "one_sided", numbers)


def _banded(labels: Sequence[str]) -> _Order | None:
    """Ranges: '18-24', 'under 1 year', '> 1,000'."""
    ranks: dict[str, float] = {}
    zero = 0
    for label in labels:
        key = match_key(label)
        if key in _ZERO or re.fullmatch(r"(?:no|none)\b.{0,20}", key):
            ranks[label] = -1.0
            zero += 1
            continue
        numbers = [match for match in _BAND_NUMBER.finditer(label)]
        if not numbers or len(numbers) > 3:
            return None
        low = _size(numbers[0][0]) * _unit(label, numbers[0].end())
        # 'Under 18' and '18 and over' begin where another band ends.
        ranks[label] = (
            low
            - 0.3 * max(low, 0.01) * bool(_UNDER.search(label))
            + 0.001 * low * bool(_OVER.search(label) and len(numbers) == 1)
        )
        if _UNDER.search(label) and len(numbers) == 1:
            ranks[label] = min(ranks[label], low * 0.001)
    if zero > 1 or len(set(ranks.values())) < len(ranks) or len(ranks) - zero < 2:
        return None
    family = (
        "ages"
        if all(re.search(r"\d", l) for l in labels if ranks[l] >= 0) and max(ranks.values()) < 110
        else "bands"
    )
    return _Order(family, "unordered", ranks)


def _size(text: str) -> float:
    digits = re.sub(r"[^\d.]", "", text).rstrip(".")
    factor = (
        1000
        if re.search(r"k|thousand", text, re.I)
        else 1_000_000
        if re.search(r"m", text, re.I)
        else 1
    )
    return float(digits or 0) * factor


def _unit(label: str, after: int) -> float:
    rest = label[after:]
    for words, factor in _UNITS:
        if re.match(rf"[\s\-–to\d.,]*(?:{words})\b", rest, re.I):
            return factor
    return 1.0


def is_apart(label: str) -> bool:
    """Whether an answer stands off its scale, such as 'Don't know'."""
    return bool(_APART.fullmatch(match_key(label)))


def is_other(label: str) -> bool:
    """Whether an answer is 'Other' or 'None of these'."""
    return bool(_OTHER.fullmatch(match_key(label)))


def takes_write_ins(label: str) -> bool:
    """Whether an option is 'Other' and nothing besides."""
    return bool(_BARE_OTHER.fullmatch(match_key(label)))
