"""What is generated into the pages is what the code says today."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.generator.pages import PARTS, ROOT, pages, parts_in, renewed


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_is_not_stale(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text == renewed(text), "run `make docs`"


def test_every_part_stands_in_a_page_and_every_mark_is_a_part() -> None:
    texts = [page.read_text("utf-8") for page in pages()]
    assert {name for text in texts for name in parts_in(text)} == PARTS.keys()
    marks = sum(line.startswith("<!-- generated:") for text in texts for line in text.splitlines())
    assert marks == sum(len(parts_in(text)) for text in texts)


def test_a_stale_part_would_be_noticed() -> None:
    page = ROOT / "docs" / "reference" / "call-states.md"
    stale = page.read_text("utf-8").replace("RINGING --> TALKING", "RINGING --> COMPLETED")
    assert renewed(stale) == page.read_text("utf-8") != stale
