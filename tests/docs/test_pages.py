"""README and guide do what they say: every code block runs, and every output shown is what comes."""

from __future__ import annotations

import ast
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.docs.blocks import PAGES, Block, blocks
from tests.docs.compare import ends_with, same_http, same_json, same_text
from tests.docs.stage import Failed, Stage, stage, until
from tests.support.project import ROOT

# What cannot run in a test, by page, with the first line of each block. The reason stands in the page.
NOT_RUN: Final[dict[str, list[str]]] = {
    "callbacks.md": [
        "export TELEFONIE_API_KEY=$(openssl rand -hex 32) TELEFONIE_ADMIN_KEY=$(openssl rand -hex 32)"
    ],
    "hosting.md": [
        ".venv/bin/python -m build --wheel --no-isolation",
        "createdb telefonie",
        "export TELEFONIE_DATABASE_URL=postgresql://telefonie:password@pooler.example.com:6432/telefonie",
        "pip install 'telefonie[s3]'",
        "docker compose up",
        "services:",
        "docker build -t telefonie .",
    ],
    "vonage.md": [
        'client = vonage.Client(application_id=APPLICATION, private_key="private.key")',
        'client = nexmo.Client(application_id=APPLICATION, private_key="private.key")',
        'const { Vonage } = require("@vonage/server-sdk")',
    ],
    "tls.md": [".venv/bin/telefonie serve --host 0.0.0.0 --port 443 --tls \\"],
}
_OUTPUTS: Final = {"json": same_json, "text": same_text, "http": same_http}


@pytest.mark.e2e
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    with stage(tmp_path, encrypted="8443" in page.read_text("utf-8")) as (here, stack):
        Reader(here, stack).read(page)


class Reader:
    """Does what a page says, block by block."""

    def __init__(self, here: Stage, stack: ExitStack) -> None:
        self._here = here
        self._stack = stack
        self._printed: str | None = None

    def read(self, page: Path) -> None:
        """All of it; the first thing that is not as the page says ends it."""
        for block in blocks(page):
            try:
                self._take(block)
            except Failed as failed:
                server = (self._here.folder / "serve.out").read_text("utf-8")[-3000:]
                pytest.fail(
                    f"{block.where}: {failed}\n{block.text}\nThe server said:\n{server}", pytrace=False
                )

    def _take(self, block: Block) -> None:
        match block.remark:
            case "not run":
                return
            case "file":
                self._here.keep(block.value, block.text)
            case "background":
                self._stack.enter_context(self._here.running(block.value, block.text))
            case "prints":
                printed = self._here.background[block.value]
                shown = self._here.staged(block.text)
                until(lambda: ends_with(shown, printed.read_text("utf-8")), None, printed)
            case _:
                self._run_or_compare(block)

    def _run_or_compare(self, block: Block) -> None:
        if block.makes:
            missing = set(block.makes) - _targets()
            if missing:
                raise Failed(f"the Makefile has no target {', '.join(missing)}")
        elif block.language == "bash":
            self._printed = self._here.shell(block.text)
        elif block.language == "python":
            self._printed = self._here.python(block.text)
        else:
            self._compare(block)

    def _compare(self, block: Block) -> None:
        if block.language not in _OUTPUTS or self._printed is None:
            raise Failed(f"a block of {block.language or 'nothing'} that is neither run nor an output")
        printed, self._printed = self._printed, None
        problem = _OUTPUTS[block.language](self._here.staged(block.text), printed)
        if problem:
            raise Failed(problem)


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_what_is_not_run_is_listed_here_and_says_why() -> None:
    marked = [block for page in PAGES for block in blocks(page) if block.remark == "not run"]
    found: dict[str, list[str]] = {}
    for block in marked:
        found.setdefault(block.page.name, []).append(block.text.splitlines()[0])
        assert len(block.value.split()) > 2, f"{block.where} gives no reason"
    assert found == NOT_RUN


def test_programs_are_programs() -> None:
    for page in PAGES:
        for block in blocks(page):
            if block.language == "python":
                ast.parse(block.text, block.where)


def test_nearly_everything_runs() -> None:
    all_blocks = [block for page in PAGES for block in blocks(page)]
    assert len(all_blocks) > 40
    assert sum(map(len, NOT_RUN.values())) < len(all_blocks) / 4
