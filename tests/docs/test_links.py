"""Every link inside the project leads somewhere, down to the heading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generator.pages import ROOT, pages

_LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_TOP_PAGES = [ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "openapi" / "README.md"]


def _anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def _broken(page: Path) -> list[str]:
    broken = []
    for link in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", [*pages(), *_TOP_PAGES], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_is_broken(page: Path) -> None:
    assert _broken(page) == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        found = _LINK.findall(_CODE.sub("", page.read_text("utf-8")))
        targets = ((page.parent / link.partition("#")[0]).resolve() for link in found)
        waiting += [target for target in targets if target.suffix == ".md"]
    assert set(pages()) - seen <= {ROOT / "docs" / "README.md"}


def test_a_broken_link_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n\n[fine](#here) [gone](gone.md) [no heading](#there) `[code](code.md)`\n", "utf-8"
    )
    assert _broken(page) == ["gone.md", "#there"]
