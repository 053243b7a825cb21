"""The only module that puts generated parts into pages, between two comments and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docs.generator import calls, codes, coverage, errors, metrics, options, phones, telefoon, verbs, vonage

ROOT: Final = Path(__file__).resolve().parents[2]
PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "call-states": calls.diagram,
    "call-statuses": calls.statuses,
    "call-endings": calls.endings,
    "code-failures": codes.failures,
    "code-warnings": codes.warnings,
    "contracts": coverage.contracts,
    "contract-operations": coverage.operations,
    "recording-operations": coverage.recording_operations,
    "recording-extensions": coverage.recording_extensions,
    "extensions": coverage.extensions,
    "errors": errors.table_of_codes,
    "metrics": metrics.table_of_metrics,
    "options": options.table_of_options,
    "reserved-numbers": phones.table_of_numbers,
    "telefoon-extensions": telefoon.extensions,
    "telefoon-languages": telefoon.languages,
    "telefoon-operations": telefoon.operations,
    "verbs": verbs.reference,
    "verbs-overview": verbs.overview,
    "vonage-corrections": vonage.corrections,
    "vonage-extensions": vonage.extensions,
    "vonage-operations": vonage.operations,
}
_PART: Final = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)


def pages() -> list[Path]:
    """Every page that may hold a generated part."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def parts_in(text: str) -> list[str]:
    """The names of the generated parts of a page."""
    return [found[2] for found in _PART.finditer(text)]


def renewed(text: str) -> str:
    """A page as it should be."""
    return _PART.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n\n{found[3]}", text)
