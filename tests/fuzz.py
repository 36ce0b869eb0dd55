"""Fuzzing of everything that reads what others wrote: any error but our own is a failure.

    python tests/fuzz.py workbook --runs 5000        one target; `all` for each in turn

With atheris (envs/requirements-fuzz.txt) coverage guides the inputs; without it they are seeds with
random changes, the same in every run. tests/test_fuzz.py does the latter.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

sys.path[:0] = [str(Path(__file__).parents[1] / "workflow"), str(Path(__file__).parent)]

from pydantic import ValidationError  # noqa: E402

import packages  # noqa: E402
import toy  # noqa: E402
from wavedeck.chain import needed  # noqa: E402
from wavedeck.checks import CheckError, evaluate  # noqa: E402
from wavedeck.compose.markdown import Markdown, attribute, escape, plain  # noqa: E402
from wavedeck.csvfile import csv_text, read_csv  # noqa: E402
from wavedeck.errors import WavedeckError  # noqa: E402
from wavedeck.figures import Figures  # noqa: E402
from wavedeck.letters import isolated  # noqa: E402
from wavedeck.survey import load_survey, load_wave  # noqa: E402
from wavedeck.survey.computed import Condition  # noqa: E402
from wavedeck.verify import raw  # noqa: E402
from wavedeck.workbook import read_sheet, sheet_states  # noqa: E402

SECONDS = 120
"""The most time for a target under atheris; a slow machine makes fewer runs."""

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
ROWS = (
    '<row r="1" hidden="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s" s="0"><v>1</v></c></row>'
    '<row r="2"><c r="A2"><v>1.5</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c>'
    '<c r="E2" t="str"><f>A1&amp;"x"</f><v>a&amp;b</v></c><c r="F2" t="inlineStr"><is><t>x</t></is>'
    '</c></row><!-- c --><row><c><v>2</v></c><c t="d"><v>2020-01-01</v></c></row>'
)
CHECKS = (
    "q4.engaged.a > q4.engaged.b",
    "q4.engaged.*:max < 33.4",
    "q4.engaged.a, q4.engaged.b highest of q4.engaged.*",
    "q1.yes > 30 and q1.yes <= 36.5",
)
NAMES = ("q1.yes", "q4.engaged.a", "q4.engaged.b@kind.x:count", "q4.engaged.*:max", "q13.a:mean")
FIGURES = Figures(
    [
        {
            "id": name,
            "statistic": "percent",
            "weighted": False,
            "value": 33.3,
            "text": "33%",
            "base": 80,
            "suppressed": False,
        }
        for name in NAMES
    ],
    "unweighted",
)


def workbook(data: bytes, folder: Path) -> None:
    """The file itself, byte by byte."""
    path = folder / "export.xlsx"
    path.write_bytes(data)
    for read in (
        lambda: sheet_states(path),
        lambda: read_sheet(path, "S"),
        lambda: raw.read(path, "S"),
    ):
        try:
            read()
        except WavedeckError as error:
            assert str(path) in str(error)


def sheet(data: bytes, folder: Path) -> None:
    """The XML of a sheet, in a zip that is whole."""
    workbook(packages.packed({**packages.parts(), SHEET: data}), folder)


def strings(data: bytes, folder: Path) -> None:
    """The table of texts, in a zip that is whole."""
    workbook(packages.packed({**packages.parts(ROWS), STRINGS: data}), folder)


def book(data: bytes, folder: Path) -> None:
    """The part that names the sheets, in a zip that is whole."""
    workbook(packages.packed({**packages.parts(ROWS), "xl/workbook.xml": data}), folder)


def yaml(data: bytes, folder: Path) -> None:
    """survey.yaml and wave.yaml."""
    path = folder / "survey.yaml"
    path.write_bytes(data)
    for load in (load_survey, load_wave):
        try:
            load(path)
        except WavedeckError as error:
            assert str(path) in str(error)


def check(data: bytes, _folder: Path) -> None:
    """The check of a claim."""
    with suppress(CheckError, WavedeckError):
        evaluate(data.decode("utf-8", "replace"), FIGURES)


def name(data: bytes, _folder: Path) -> None:
    """Estimate ids, patterns of ids, conditions of the codebook."""
    text = data.decode("utf-8", "replace")
    FIGURES.matching(text)
    FIGURES.find(text)
    needed([text], SURVEY)
    with suppress(WavedeckError):
        FIGURES[text]
    with suppress(ValidationError):
        assert Condition.model_validate(text).words


def markdown(data: bytes, _folder: Path) -> None:
    """What respondents wrote, on its way into the deck."""
    text = data.decode("utf-8", "surrogatepass" if data.isascii() else "replace")
    escaped = escape(text)
    assert isinstance(escaped, Markdown) and "\n" not in escaped
    assert escape(escaped) == escaped
    unescaped, letters = [], iter(escaped)
    for letter in letters:
        assert letter.isalnum() or letter not in "<>[]{}`$#*_!|~^=+-\"'@:()&;/%,.?"
        unescaped.append(next(letters) if letter == "\\" else letter)
    assert "".join(unescaped) == isolated(plain(text))
    assert attribute(text).count('"') == 2


def csv(data: bytes, folder: Path) -> None:
    """A text in a CSV of ours, and any bytes as such a CSV."""
    text = data.decode("utf-8", "replace")
    path = folder / "a.csv"
    path.write_bytes(csv_text(["a", "b"], [[text, 1]]).encode())
    assert read_csv(path) == [{"a": text, "b": "1"}]


@dataclass(frozen=True)
class Target:
    run: Callable[[bytes, Path], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    """What a random change may put in."""


XML = tuple(
    b'<c r="A9"><v>1</v></c>|<row r="7">|</row>|<c>|</c>|<v>|</v>|<f>|<!--|-->|<![CDATA[|]]>|'
    b'&amp;|&#49;|&x;|"|\'|=| |hidden="1"|t="s"|t="e"|r="ZZZ99"|r="XFD1048576"|-1|1e999|nan|'
    b'99999999999|\0|\xff|<si>|</si>|<si/>|<t>|</t>|xmlns:x="y"|<x:c>|<!DOCTYPE x>|_xD800_|'
    b'</sheetData>|<sheetData/>|<sheetData>|t="d"|t="str"|<is>|</is>|s="99"'.split(b"|")
)
SYNTAX = tuple(
    b"- |: |\n|  |? |&a |*a|!!python/object:os.system |{|}|[|]|'|\"|# |null|true|1e9|0x1|.inf|<<: |"
    b"%|@|`|\t|---\n|...\n|\0|\xc3\x28|2020-13-45|1_000|~|!<x>|: :|\xef\xbb\xbf".split(b"|")
)
LOGIC = tuple(
    b" and |>|<=|=|highest of|lowest of|,|*|.|:|@|50|-1|1e5|\xd9\xa3| |\n|(|[".split(b"|")
)
SEED_BOOK = packages.packed(packages.parts(ROWS))
TARGETS = {
    "workbook": Target(workbook, (SEED_BOOK,)),
    "sheet": Target(sheet, (packages.sheet(ROWS).encode(), packages.sheet().encode()), XML),
    "strings": Target(strings, (packages.PARTS[STRINGS].encode(),), XML),
    "book": Target(book, (packages.PARTS["xl/workbook.xml"].encode(),), XML),
    "yaml": Target(yaml, (toy.SURVEY.encode(), toy.WAVE.encode()), SYNTAX),
    "check": Target(check, tuple(text.encode() for text in CHECKS), LOGIC),
    "name": Target(name, tuple(text.encode() for text in NAMES), LOGIC),
    "markdown": Target(markdown, (b"It was *good* <b>", "’s “word” – 50%".encode()), XML + SYNTAX),
    "csv": Target(csv, (b"=1+1", b'\'a, "b"\r\n'), SYNTAX),
}


def _survey() -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.yaml"
        path.write_text(toy.SURVEY, encoding="utf-8")
        return load_survey(path)[0]


SURVEY = _survey()


def mutants(target: Target, runs: int) -> Iterator[bytes]:
    """Seeds with up to eight random changes; the same ones every time."""
    chance = random.Random(runs)
    for _ in range(runs):
        data = bytearray(chance.choice(target.seeds))
        for _ in range(chance.randint(1, 8)):
            at = chance.randint(0, len(data))
            kind = chance.randrange(5 if target.words else 4)
            if kind == 0 and data:
                data[at % len(data)] = chance.randrange(256)
            elif kind == 1:
                del data[at : at + chance.choice((1, 2, 8, 64))]
            elif kind == 2:
                start = chance.randint(0, len(data))
                data[at:at] = data[start : start + chance.choice((1, 4, 32))]
            elif kind == 3:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 4)))
            else:
                data[at : at + chance.choice((0, 0, 4))] = chance.choice(target.words)
        yield bytes(data)


def run_mutants(target: Target, runs: int, folder: Path) -> None:
    """Raises what the target raised, with the input."""
    for data in mutants(target, runs):
        try:
            target.run(data, folder)
        except BaseException as error:
            error.add_note(f"input: {data!r}")
            raise


def run_atheris(target: Target, runs: int, folder: Path) -> None:
    """Does not return: libFuzzer ends the process, with an error where it has found one."""
    import atheris

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    words = folder / "words"
    lines = ("".join(f"\\x{byte:02x}" for byte in word) for word in target.words if word)
    words.write_text("".join(f'"{line}"\n' for line in lines))
    arguments = [sys.argv[0], f"-runs={runs}", "-seed=1", "-max_len=8192", "-verbosity=0"]
    arguments += [f"-max_total_time={SECONDS}"]
    arguments += [f"-dict={words}"] if target.words else []
    arguments += [f"-artifact_prefix={folder}/", str(corpus)]
    # Everything that is imported (atheris.instrument_all) would take minutes.
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith("wavedeck") else ():
            if isinstance(value, FunctionType) and value.__module__ == name:
                atheris.instrument_func(value)
    atheris.Setup(arguments, lambda data: target.run(data, folder))
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=["all", *TARGETS])
    parser.add_argument("--runs", type=int, default=5_000)
    arguments = parser.parse_args()
    if arguments.target == "all":
        command = [sys.executable, __file__]
        failed = [
            name
            for name in TARGETS
            if subprocess.run([*command, name, "--runs", str(arguments.runs)]).returncode
        ]
        print(f"failed: {', '.join(failed)}" if failed else "no failures")
        return bool(failed)
    warnings.simplefilter("ignore")
    try:
        import atheris  # noqa: F401

        run, how = run_atheris, "atheris"
    except ImportError:
        run, how = run_mutants, "seeds with random changes (atheris is not installed)"
    print(f"{arguments.target}: {arguments.runs:,} runs, {how}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        run(TARGETS[arguments.target], arguments.runs, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
