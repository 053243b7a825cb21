"""The only module that knows which verbs there are: it finds them by scan, so that a new one touches no list."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import ModuleType

from telefonie.flow import verbs
from telefonie.flow.program import Ending
from telefonie.flow.spelling import Language, Spelling


@lru_cache(maxsize=1)
def spellings() -> tuple[Spelling, ...]:
    """How every verb is spelled, in the order of their files."""
    return tuple(each for group in by_file() for each in group)


def by_file() -> tuple[tuple[Spelling, ...], ...]:
    """The same, file by file: what stands in one belongs together."""
    return tuple(module.SPELLINGS for module in _modules())


@lru_cache(maxsize=1)
def endings() -> Mapping[str, Ending]:
    """How what goes on beside documents ends, by kind; a verb that begins such things says so under `ENDINGS`."""
    found = (getattr(module, "ENDINGS", {}) for module in _modules())
    return {kind: ending for each in found for kind, ending in each.items()}


def _modules() -> tuple[ModuleType, ...]:
    names = sorted(each.name for each in pkgutil.iter_modules(verbs.__path__))
    return tuple(importlib.import_module(f"{verbs.__name__}.{name}") for name in names)


class Table:
    """Spellings by language and name."""

    def __init__(self, known: Iterable[Spelling]) -> None:
        self._known: dict[tuple[Language, str], Spelling] = {}
        for each in known:
            if (each.language, each.name) in self._known:
                raise ValueError(f"two verbs are spelled {each.name} in {each.language}")
            self._known[each.language, each.name] = each

    def find(self, language: Language, name: str) -> Spelling | None:
        """The spelling of that name, if there is one."""
        return self._known.get((language, name))

    def names(self, language: Language) -> tuple[str, ...]:
        """All names of a language."""
        return tuple(name for each, name in self._known if each is language)
