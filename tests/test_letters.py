"""Letters that the deck's typeface lacks: what stands in, where lines break, which way they run."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

import deck_model
from sample_deck import THEME, Deck, write_deck
from wavedeck import letters, typefaces
from wavedeck.compose.markdown import escape
from wavedeck.draw import style
from wavedeck.draw.canvas import Canvas
from wavedeck.errors import WavedeckError
from wavedeck.inspect.profile import Guess, QuestionGuess
from wavedeck.new.letters import letter_notes
from wavedeck.new.plan import Planned
from wavedeck.new.room import cut
from wavedeck.render import render

CYRILLIC = "Как вы добираетесь до парка?"
GREEK = "Πώς έρχεστε στο πάρκο;"
JAPANESE = "自動車（家族や友人の車に同乗する場合も含みます）、自転車、徒歩。"
HEBREW = "שלום (abc 12)."
ARABIC = "كلا، لا شيء (abc 12)."
WORDS = {
    "cyrillic": CYRILLIC,
    "greek": GREEK,
    "armenian": "Ինչպե՞ս եք",
    "georgian": "როგორ მოდიხართ",
    "hebrew": HEBREW,
    "arabic": ARABIC,
    "japanese": JAPANESE,
    "chinese": "您通常怎样去公园？",
    "traditional": "您通常怎樣去公園？",
    "korean": "보통 공원에 어떻게 오십니까?",
    "symbols": "⇒ ∀ ☺ ❤",
}


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


# Letters


def test_a_line_breaks_at_spaces_and_between_ideographs() -> None:
    assert letters.pieces("two words") == [("", "two"), (" ", "words")]
    assert letters.pieces("東京 abc日本") == [
        ("", "東"), ("", "京"), (" ", "abc"), ("", "日"), ("", "本"),
    ]  # fmt: skip
    # No line begins with a comma or a small kana, none ends with a bracket.
    assert [piece for _, piece in letters.pieces("（バス）、キャ。")] == [
        "（バ",
        "ス）、",
        "キャ。",
    ]
    assert "".join(gap + piece for gap, piece in letters.pieces(JAPANESE)) == JAPANESE


def test_what_runs_from_right_to_left_is_kept_apart() -> None:
    assert letters.isolated("plain") == "plain" and letters.isolated(CYRILLIC) == CYRILLIC
    assert letters.isolated(f"see {HEBREW}") == f"\u2068see {HEBREW}\u2069"
    assert letters.directed(f"see {HEBREW}") == f"see {HEBREW}"
    assert letters.directed(f"12 {ARABIC}") == f"\u202b12 {ARABIC}\u202c"


def test_scripts_are_named() -> None:
    assert letters.scripts("กกक😀中") == ["Thai", "Devanagari", "symbols", "Chinese"]


# Typefaces


@pytest.mark.parametrize("script", WORDS)
def test_each_script_has_a_typeface(script: str) -> None:
    assert typefaces.lacking(WORDS[script]) == []


def test_common_letters_are_the_decks_own() -> None:
    seen = [c for c in typefaces.COMMON if unicodedata.category(c) not in ("Cc", "Cf")]
    assert len(seen) > 190 and all(map(typefaces.DECK.has, seen))


def test_what_no_typeface_has_is_told() -> None:
    assert typefaces.lacking("abc ก ক") == ["ক", "ก"]
    assert typefaces.missing("Żółć-Ångström “ça suffit” … ≥ 5\n\u2068") == []


@pytest.mark.parametrize(
    ("text", "face"),
    [
        (WORDS["japanese"], "JP"),
        (WORDS["korean"], "KR"),
        (WORDS["chinese"], "SC"),
        (WORDS["traditional"], "TC"),
    ],
)
def test_ideographs_have_the_shapes_of_their_language(text: str, face: str) -> None:
    assert [t.family for t in typefaces.shared_out(text)[0]] == [f"Noto Sans CJK {face}"]


# Charts


def test_widths_are_those_of_the_typeface_that_has_the_letter() -> None:
    assert style.text_width("日本語", 20) == pytest.approx(60)
    # DejaVu Sans' о is 1253/2048 em; it is set at 8/9 of its size.
    assert style.text_width("ооо", 18) == pytest.approx(3 * 18 * 1253 / 2048 * 8 / 9)
    assert style.text_width("ооо", 18, True) > style.text_width("ооо", 18)
    mixed = style.text_width("a ооо", 18) - style.text_width("ооо", 18)
    assert mixed == pytest.approx(style.text_width("a o", 18) - style.text_width("o", 18), abs=0.5)
    assert style.text_width("กข", 10) > 0


@pytest.mark.parametrize("text", [JAPANESE, CYRILLIC, WORDS["korean"]])
def test_labels_are_broken_within_their_room(text: str) -> None:
    lines = style.wrap(text, 150, 18)
    assert len(lines) > 1 and all(style.text_width(line, 18) <= 150 for line in lines)
    assert not any(letters.starts_no_line(line[0]) for line in lines)
    squeezed = "".join(lines).replace(" ", "")
    assert squeezed == text.replace(" ", "")


@pytest.mark.parametrize("text", [*WORDS.values(), "กก"])
def test_charts_hold_any_letters_as_text(text: str) -> None:
    canvas = Canvas(400, 100)
    canvas.text(10, 20, text)
    assert f">{letters.directed(text)}</text>" in canvas.svg("x")
    assert canvas.loose == [text]


# Decks


def _deck(folder: Path, text: str) -> Deck:
    body = (
        f"## {escape(text)} {{#one}}\n\nThe answer {escape(text)} (63%) and **{escape(text)}**.\n\n"
        f"![](exhibits/own.svg){{.chart fig-alt=x data-exhibit=own}}\n\n"
        f"## Comments {{#two}}\n\n:::: {{.comments}}\n"
        + 2 * f"::: {{.comment}}\n> {escape(text)}\n\n[{escape(text)}]{{.attribution}}\n:::\n\n"
        + "::::\n"
    )
    deck = write_deck(folder, body)
    canvas = Canvas(600, 60)
    canvas.text(10, 20, text)
    canvas.text(10, 45, text, bold=True)
    (deck.exhibits / "own.svg").write_text(canvas.svg("own"), encoding="utf-8")
    return deck


def _rendered(deck: Deck, to: str) -> Path:
    out = deck.folder / f"deck.{to}"
    out.write_bytes(render(deck.qmd, deck.exhibits, THEME, to, "embedded").data)
    return out


def _bare(text: str) -> str:
    """Letters and digits as they come in reading a page, whatever way they run."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sorted(c for c in folded if c.isalnum()))


@pytest.mark.parametrize("script", [name for name in WORDS if name != "symbols"])
def test_a_deck_has_the_letters_of_each_script(script: str, tmp_path: Path) -> None:
    text = WORDS[script]
    deck = _deck(tmp_path, text)
    page = _rendered(deck, "html").read_text(encoding="utf-8")
    ranges = re.findall(r"unicode-range: ([^;]+);", page)
    needed = {f"U+{ord(c):X}" for c in typefaces.missing(text)}
    assert len(ranges) == 3 and all(set(r.split(", ")) == needed for r in ranges)
    assert page.count("@font-face {") == 6

    pdf = _rendered(deck, "pdf")
    reader = pypdf.PdfReader(pdf)
    first = _bare(reader.pages[0].extract_text())
    # The title, the sentence twice, the chart twice.
    assert all(first.count(c) >= 5 * _bare(text).count(c) for c in _bare(text))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    fonts = deck_model.embedded_fonts(pdf)
    families = ("SourceSansPro", "DejaVuSans", "NotoSansCJK")
    assert fonts and all(name.split("+")[-1].startswith(families) for name in fonts)


def test_a_deck_of_latin_letters_gets_nothing_added(tmp_path: Path) -> None:
    page = _rendered(_deck(tmp_path, "Żółć “ça” … ≥ 5"), "html").read_text(encoding="utf-8")
    assert "unicode-range" not in page and page.count("@font-face {") == 3


def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    decks = [_deck(tmp_path / name, CYRILLIC + JAPANESE) for name in "ab"]
    for to in ("html", "pdf"):
        one, other = (_rendered(deck, to).read_bytes() for deck in decks)
        assert one == other


@pytest.mark.parametrize("text", [HEBREW, ARABIC])
def test_what_runs_from_right_to_left_keeps_its_order(text: str, tmp_path: Path) -> None:
    page = _rendered(_deck(tmp_path, text), "html").read_text(encoding="utf-8")
    assert page.count('<blockquote dir="rtl"') == 2
    assert f"The answer \u2068{text}\u2069 (63%)" in page
    # A whole paragraph runs so, the title too.
    assert f"\u2067\u2068{text}\u2069\u2069</h2>" in page


def test_long_words_of_ideographs_are_measured_in_their_lines(tmp_path: Path) -> None:
    """A sentence without spaces is no word too wide for its column, and takes the room it takes."""
    long = "公園全体についてどのくらい満足していますか" * 6
    table = f"| {long} | n |\n|:---|---:|\n| {long} | 5 |\n"
    page = _rendered(write_deck(tmp_path, f"## T {{#t}}\n\n{table}"), "html").read_text("utf-8")
    widths = [float(w) for w in re.findall(r"--column-\d: ([\d.]+)px", page)]
    assert len(widths) == 2 and sum(widths) < 1160.01
    with pytest.raises(WavedeckError, match="too tall"):
        _rendered(write_deck(tmp_path / "b", f"## T {{#t}}\n\n{long * 12}\n"), "html")


def test_letters_that_no_typeface_has_stop_the_pdf(tmp_path: Path) -> None:
    deck = _deck(tmp_path, "ไทย")
    with pytest.raises(WavedeckError) as caught:
        _rendered(deck, "pdf")
    [problem] = caught.value.problems
    lines = deck.qmd.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines, start=1) if "ไทย" in line)
    assert f"deck.qmd, line {first}, " in problem.where and "; own.svg" in problem.where
    assert "ท ย ไ (Thai)" in problem.found and "aliases:" in problem.remedy
    _rendered(deck, "html")


def test_marks_on_letters_stop_the_pdf_of_a_chart(tmp_path: Path) -> None:
    canvas = Canvas(600, 60)
    canvas.text(10, 20, "غير راضٍ إطلاقا")
    body = "## One {#one}\n\n![](exhibits/own.svg){.chart fig-alt=x data-exhibit=own}\n"
    deck = write_deck(tmp_path, body)
    (deck.exhibits / "own.svg").write_text(canvas.svg("own"), encoding="utf-8")
    with pytest.raises(WavedeckError) as caught:
        _rendered(deck, "pdf")
    [problem] = caught.value.problems
    assert problem.where == "the embedded engine: own.svg"
    assert "charts: ضٍ" in problem.found and "without" in problem.expected


# A new survey


def _notes(*labels: str) -> str:
    guess = QuestionGuess("single", labels[0], [], Guess("sure", ""), labels=list(labels[1:]))
    return " / ".join(letter_notes([Planned("q1", guess)]))


def test_new_tells_of_letters_beforehand() -> None:
    assert _notes(CYRILLIC, GREEK, JAPANESE, "Żółć") == ""
    assert "no typeface here has ก" in _notes("How?", "ก") and "(Thai)" in _notes("ก")
    assert _notes(HEBREW).startswith("texts run from right to left")
    assert "letters have marks (ضٍ)" in _notes("راضٍ")


def test_long_texts_of_ideographs_are_cut_at_half_as_many() -> None:
    text = "公園全体についてどのくらい満足していますか"
    assert cut(text, 2 * len(text)) == text
    assert cut(text, 21) == f"{text[:10]} …"
