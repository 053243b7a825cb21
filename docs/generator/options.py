"""The only module that lists the server's options as its command line has them."""

from __future__ import annotations

from itertools import groupby

from docs.generator.markdown import code, table
from telefonie.settings import OPTIONS, Option, default_of


def table_of_options() -> str:
    """A table for each group."""
    groups = groupby(OPTIONS, lambda option: option.group)
    return "\n\n".join(f"**{_capital(title)}**\n\n{_group(list(members))}" for title, members in groups)


def _group(options: list[Option]) -> str:
    rows = [(_flag(each), code(each.variable), default_of(each), _capital(each.help)) for each in options]
    return table(("option", "variable", "default", "what it sets"), rows)


def _flag(option: Option) -> str:
    if option.secret:
        return "(variable only)"
    if option.metavar:
        return code(f"{option.flag} {option.metavar}")
    no = "--no-" + option.flag.removeprefix("--")
    return code(no if default_of(option) == "yes" else option.flag)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
