"""The only module that writes the reference of verbs, out of the tables by which documents are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from docs.generator.markdown import code, table
from telefonie.flow.catalogue import by_file
from telefonie.flow.spelling import Field, Language, Part, Spelling

ANY: Final = ("*",)
_ELEMENT: Final = re.compile(r"(?<!`)(<\w+>)(?!`)")
_HEADS: Final = ("holds", "default", "meaning", "warning")


def overview() -> str:
    """Every verb in a line, both spellings side by side."""
    rows = [(_names(group, Language.XML), _names(group, Language.JSON), group[0].says) for group in groups()]
    return table(("XML", "JSON", ""), rows)


def reference() -> str:
    """Every verb with all that may be written in it."""
    return "\n\n".join(_section(group) for group in groups())


def spelled(each: Spelling) -> str:
    """A verb's name as documents write it."""
    return code(f"<{each.name}>") if each.language is Language.XML else code(each.name)


def groups() -> list[tuple[Spelling, ...]]:
    """All spellings; those of one file belong together."""
    return [group for group in by_file() if group]


def _names(group: Sequence[Spelling], language: Language) -> str:
    found = (each for each in group if each.language is language)
    return ", ".join(f"[{spelled(each)}](#{_anchor(_title(group))})" for each in found)


def _title(group: Sequence[Spelling]) -> str:
    return " and ".join(f"{each.name} ({each.language.upper()})" for each in group)


def _anchor(title: str) -> str:
    return title.lower().replace("(", "").replace(")", "").replace(" ", "-")


def _section(group: Sequence[Spelling]) -> str:
    parts = [f"## {_title(group)}"]
    parts += [_about(list(alike)) for _, alike in groupby(group, _words)]
    one_each = len({each.language for each in group}) == len(group)
    parts += [_fields(group)] if one_each else [_fields([each]) for each in group]
    parts += [_part(each) for spelling in group for each in spelling.parts]
    return "\n\n".join(part for part in parts if part)


def _about(alike: Sequence[Spelling]) -> str:
    return f"{', '.join(map(spelled, alike))}: {_words(alike[0])}"


def _words(each: Spelling) -> str:
    words = [each.says]
    if each.content:
        words.append(f"Content: {each.content}.")
    if each.nested and each.nested != ANY:
        words.append(f"May hold {', '.join(code(f'<{name}>') for name in each.nested)}.")
    return _ELEMENT.sub(r"`\1`", " ".join(words))


def _part(part: Part) -> str:
    about = f"**{code(part.name)}**: {part.says}"
    return f"{about}\n\n{_rows((code(part.name),), [part.fields])}" if part.fields else about


def _fields(group: Sequence[Spelling]) -> str:
    with_some = [each for each in group if each.fields]
    return _rows(tuple(map(spelled, with_some)), [each.fields for each in with_some]) if with_some else ""


def _rows(names: tuple[str, ...], columns: list[tuple[Field, ...]]) -> str:
    """A row for each field; what two spellings have in common, name and all, stands in one row."""
    found: dict[tuple[str, ...], list[str]] = {}
    for at, column in enumerate(columns):
        for each in column:
            row = (each.name, *_row(each))
            if found.get(row, [""] * len(columns))[at]:
                row = (each.key, *_row(each))  # the same twice in one spelling, outside and within
            found.setdefault(row, [""] * len(columns))[at] = code(each.key)
    return table((*names, *_HEADS), [(*named, *row[1:]) for row, named in found.items()])


def _row(each: Field) -> tuple[str, ...]:
    return each.kind.says, shown_default(each), each.says, code(each.code)


def shown_default(each: Field) -> str:
    """The value that is taken without one, as it would be written."""
    if each.required:
        return "required"
    if each.shown_default:
        return each.shown_default
    return _written(each)


def _written(each: Field) -> str:
    match each.default:
        case None | "" | ():
            return ""
        case bool():
            return code(str(each.default).lower())
        case int() if each.kind.says.startswith("seconds"):
            return code(f"{each.default / 1000:g}")  # milliseconds inside
        case tuple():
            return code(" ".join(map(str, each.default)))
        case dict():
            return ""
        case _:
            return code(each.default)
