"""The guide to the third vendor's events shows what is sent: each example is a golden letter."""

from __future__ import annotations

import json
import re

from tests.support.project import ROOT

PAGE = ROOT / "docs" / "guide" / "vonage-events.md"
GOLDEN = ROOT / "tests" / "dialects" / "vonage" / "golden_letters.json"


def test_each_event_has_its_golden_letter_as_example() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| `(\{.*\})` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    shown = {name.replace(" ", "_"): json.loads(example) for name, example in rows}
    assert shown == {name: letters["POST"] for name, letters in json.loads(GOLDEN.read_text("utf-8")).items()}
