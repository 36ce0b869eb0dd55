"""YAML files that users write, checked against a Pydantic model, with line numbers in errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from wavedeck.errors import Problem, WavedeckError, nearest

DEPTH_LIMIT = 40
"""Levels of nesting; a codebook has seven."""

Path_ = tuple[str | int, ...]
ModelType = TypeVar("ModelType", bound=BaseModel)


class Model(BaseModel):
    """What users write: unknown fields are refused, and the line below a field describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class MisplacedError(ValueError):
    """What a model finds wrong with a part of itself, at a path within it."""

    def __init__(self, message: str, path: Path_) -> None:
        super().__init__(message)
        self.path = path


@contextmanager
def at(*path: str | int) -> Iterator[None]:
    """Within this, a ValueError of a model's validator is told with the line of `path`."""
    try:
        yield
    except ValueError as error:
        raise MisplacedError(str(error), path) from None


class _Loader(yaml.CSafeLoader):
    """YAML 1.2 scalars: only true/false are booleans, so that the labels Yes and No stay text."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]*\.[0-9]+$", "-+0123456789."),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


class Document:
    """A parsed YAML file: its data, and the line of every key and list entry."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Path_, int] = {(): 1}
        node = self._composed()
        self.data = self._value(node, ()) if node is not None else {}

    def _composed(self) -> yaml.Node | None:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise WavedeckError(
                Problem(
                    str(self.path), "the file does not exist", remedy="write it, or mend its name"
                )
            ) from None
        except UnicodeDecodeError:
            raise WavedeckError(
                Problem(str(self.path), "the file is not UTF-8 text", remedy="save it as UTF-8")
            ) from None
        try:
            self._refuse_bombs(text)
            return yaml.compose(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise self._invalid(line, str(error.problem)) from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise self._invalid(line, f"{error.reason} (character {error.character!r})") from None

    def _refuse_bombs(self, text: str) -> None:
        """Nesting without end crashes PyYAML's parser in C, and aliases of aliases fill memory."""
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise self._invalid(line, "aliases (*name) are not used here; write it out")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEPTH_LIMIT:
                raise self._invalid(line, f"nested more than {DEPTH_LIMIT} levels deep")

    def _invalid(self, line: int, found: str) -> WavedeckError:
        where = f"{self.path}, line {line}" if line else str(self.path)
        remedy = "mend the line or the one above"
        return WavedeckError(Problem(where, f"not valid YAML: {found}", remedy=remedy))

    def _value(self, node: yaml.Node, path: Path_) -> Any:
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                line = key_node.start_mark.line + 1
                if not isinstance(key_node, yaml.ScalarNode):
                    raise self._invalid(line, "a list or a mapping where a name should stand")
                key = str(key_node.value)
                if key in found:
                    first = self.lines[(*path, key)]
                    raise WavedeckError(
                        Problem(
                            f"{self.path}, line {line}",
                            f"'{key}' stands here a second time (first on line {first})",
                            remedy="keep one of the two",
                        )
                    )
                self.lines[(*path, key)] = line
                found[key] = self._value(value_node, (*path, key))
            return found
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                self.lines[(*path, index)] = child.start_mark.line + 1
            return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]
        line = node.start_mark.line + 1
        try:
            return _Loader("").construct_object(node)
        except yaml.MarkedYAMLError as error:
            raise self._invalid(line, str(error.problem)) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise self._invalid(line, f"'{node.value[:80]}' is no {node.tag[18:]}") from None

    def where(self, *path: str | int) -> str:
        """`file, line n` of the deepest part of `path` that the file holds."""
        for depth in range(len(path), -1, -1):
            if path[:depth] in self.lines:
                return f"{self.path}, line {self.lines[path[:depth]]}"
        return str(self.path)


def load(path: Path, model: type[ModelType]) -> tuple[ModelType, Document]:
    """Read `path` as `model`; every mismatch is a Problem with its line and the nearest field."""
    document = Document(path)
    try:
        return model.model_validate(document.data), document
    except ValidationError as error:
        problems = [_problem(document, model, dict(detail)) for detail in error.errors()]
        raise WavedeckError(*problems) from None


def _problem(document: Document, model: type[BaseModel], detail: dict[str, Any]) -> Problem:
    location = tuple(part for part in detail["loc"])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, MisplacedError):
        location += cause.path
    # A union's branch names stand in the location though not in the file; they are passed over.
    path = _in_file(document, location)
    field = ".".join(str(part) for part in location)
    where = document.where(*path)
    if detail["type"] == "extra_forbidden":
        fields = _fields_at(model, location[:-1])
        return Problem(
            where,
            f"unknown field '{location[-1]}'",
            expected=", ".join(fields),
            nearest=nearest(str(location[-1]), fields),
            remedy="mend the spelling, or take the line out",
        )
    if detail["type"] == "missing":
        return Problem(where, f"the field '{field}' is missing", remedy=f"add '{location[-1]}:'")
    if detail["type"] == "union_tag_invalid":
        tags = re.findall(r"'([^']*)'", detail["ctx"]["expected_tags"])
        tag, what = str(detail["ctx"]["tag"]), detail["ctx"]["discriminator"].strip("'")
        return Problem(
            where,
            f"{field}: there is no {what} '{tag}'",
            expected=", ".join(tags),
            nearest=nearest(tag, tags),
            remedy="mend the spelling",
        )
    message = detail["msg"].removeprefix("Value error, ")
    found = detail.get("input")
    shown = f" (found {found!r})" if isinstance(found, str | int | float | bool) else ""
    return Problem(where, f"{field}: {message}{shown}" if field else f"{message}{shown}")


def _in_file(document: Document, location: tuple[Any, ...]) -> Path_:
    path: Path_ = ()
    for part in location:
        if (*path, part) in document.lines:
            path = (*path, part)
    return path


def _fields_at(model: Any, location: tuple[Any, ...]) -> list[str]:
    """Names of the fields that the model allows at `location`, as far as it can be followed."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if not location:
            return list(model.model_fields)
        for name, field in model.model_fields.items():
            if name == location[0]:
                return _fields_at(field.annotation, location[1:])
            # The tag of a union's branch stands in the location before the branch's own fields.
            tag = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
            if location[0] in tag:
                return _fields_at(model, location[1:])
        return []
    candidates: list[str] = []
    arguments = get_args(model)
    is_container = getattr(model, "__origin__", None) in (dict, list, tuple)
    for argument in arguments:
        candidates += _fields_at(argument, location[1:] if is_container else location)
    return list(dict.fromkeys(candidates))
