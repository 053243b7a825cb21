"""Whose words stand where: below `web` nobody knows a vendor, and no dialect knows another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "telefonie"
BELOW: Final = ("core", "flow", "store", "engine", "webhooks", "media", "streams", "booth")
VENDORS: Final = re.compile(r"(?<![a-z])(vonage|nexmo|nccos?|telefoon|twilio|twiml)(?![a-z])", re.IGNORECASE)
# What each dialect may say of the others: nothing. `telefonie` is the product's own package, too.
OWN: Final = {"telefonie": "", "telefoon": "telefoon", "vonage": "vonage|nexmo|ncco|nccos"}
# Words of the product's own wire that are no ordinary words: statuses, events, headers.
WIRE: Final = re.compile(
    r"(in-progress|no-answer|X-API-Key|(call|conference|participant|recording)\.[a-z_]+)"
)
# How a file that a document plays is called among deliveries, on every face; and a file's name.
OURS: Final = {"call.media", "recording.wav"}
# Attributes of documents are spelled as documents spell them, in the files that read them.
READERS: Final = ("flow/verbs/", "flow/recordings.py")


def files(*folders: str) -> list[Path]:
    return sorted(each for folder in folders for each in (SOURCE / folder).rglob("*.py"))


def literals(file: Path) -> Iterator[str]:
    """The strings of a file that are no sentences about it."""
    tree = ast.parse(file.read_text("utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_there_is_something_to_look_through() -> None:
    assert {each.relative_to(SOURCE).parts[0] for each in files(*BELOW)} == set(BELOW)
    assert VENDORS.search("see its NCCO")
    assert not VENDORS.search("asynccontextmanager")


def test_below_web_no_vendor_is_named() -> None:
    found = {
        str(each.relative_to(ROOT)): sorted({match[0] for match in VENDORS.finditer(each.read_text("utf-8"))})
        for each in files(*BELOW)
    }
    assert {file: words for file, words in found.items() if words} == {}


def test_below_web_no_word_of_a_wire_is_spelled() -> None:
    found = {
        (str(each.relative_to(ROOT)), text)
        for each in files(*BELOW)
        if not each.relative_to(SOURCE).as_posix().startswith(READERS)
        for text in literals(each)
        if WIRE.fullmatch(text) and text not in OURS
    }
    assert found == set()


@pytest.mark.parametrize("dialect", sorted(OWN))
def test_no_dialect_names_another(dialect: str) -> None:
    strange = [each for each in re.split(r"\|", "|".join(OWN.values())) if each]
    own = OWN[dialect].split("|")
    others = re.compile(
        rf"(?<![a-z])({'|'.join(word for word in strange if word not in own)})(?![a-z])", re.IGNORECASE
    )
    there = files(f"dialects/{dialect}")
    assert there
    found = {str(each.relative_to(ROOT)): others.findall(each.read_text("utf-8")) for each in there}
    assert {file: words for file, words in found.items() if words} == {}


def test_the_statuses_are_those_of_the_contract() -> None:
    """What is looked for as a status is one: the pattern cannot go stale unseen."""
    text = (ROOT / "openapi" / "telefonie-voice-v1.yaml").read_text("utf-8")
    schemas = yaml.safe_load(text)["components"]["schemas"]
    statuses = schemas["Call"]["properties"]["status"]["enum"]
    assert {"in-progress", "no-answer"} <= set(statuses)
