"""The reference of verbs is complete, and what it shows can be written."""

from __future__ import annotations

import re
from typing import Final

from docs.generator.markdown import code
from docs.generator.verbs import shown_default, spelled
from telefonie.flow.catalogue import spellings
from telefonie.flow.kinds import BadValue
from telefonie.flow.spelling import Field, Language
from tests.support.project import ROOT

PAGE: Final = (ROOT / "docs" / "reference" / "verbs.md").read_text("utf-8")


def test_every_verb_of_both_languages_stands_in_the_list() -> None:
    first, *_ = PAGE.split("<!-- end of generated -->")
    missing = [each.name for each in spellings() if f"[{spelled(each)}](#" not in first]
    assert missing == []


def test_every_field_has_its_row() -> None:
    rows = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    named = {cell.removeprefix("| ") for row in rows for cell in row[:3]}
    wanted = {code(field.key) for each in spellings() for field in each.fields}
    assert wanted - named == set()


def test_what_may_stand_inside_is_a_verb_or_described() -> None:
    verbs = {each.name for each in spellings()}
    described = {each.name: {part.name for part in each.parts} for each in spellings()}
    # What is written in small letters is SSML, which is the same everywhere.
    nested = [(each.name, name) for each in spellings() for name in each.nested if name[:1].isupper()]
    assert len(nested) > 10
    assert [
        pair for pair in nested if pair[1] not in verbs and f"<{pair[1]}>" not in described[pair[0]]
    ] == []


def test_what_may_stand_inside_has_a_place_of_its_own() -> None:
    missing = [
        part.name for each in spellings() for part in each.parts if f"**{code(part.name)}**" not in PAGE
    ]
    assert missing == []


def test_a_default_that_is_shown_as_it_is_typed_could_be_typed() -> None:
    fields = [
        field
        for each in spellings()
        for field in (*each.fields, *(field for part in each.parts for field in part.fields))
        if not field.required and not field.shown_default and shown_default(field)
    ]
    assert len(fields) > 100
    strange = [field.key for field in fields if _read(field, shown_default(field)) != field.default]
    assert strange == []


def _read(field: Field, typed: str) -> object:
    """As text, which is how XML has it and JSON may."""
    try:
        return field.kind.read(typed.strip("`"))
    except BadValue as bad:
        return bad


def test_what_the_guide_says_of_outcomes_is_what_verbs_report() -> None:
    guide = (ROOT / "docs" / "guide" / "call-flows.md").read_text("utf-8")
    table = guide.partition("| verb or action |")[2].partition("\n\n")[0]
    told = re.findall(r"`(\w+)`", table)
    # A link to what was recorded is put beside its id by the face.
    places = (ROOT / "src/telefonie/flow", ROOT / "src/telefonie/dialects/telefonie")
    code_of_verbs = "".join(each.read_text("utf-8") for place in places for each in place.rglob("*.py"))
    assert len(told) > 20
    assert [name for name in told if f'"{name}"' not in code_of_verbs] == []


def test_every_verb_says_what_it_does_in_both_languages() -> None:
    assert {each.language for each in spellings()} == set(Language)
    assert all(each.says.endswith(".") for each in spellings())
    assert all(field.says.endswith(".") for each in spellings() for field in each.fields)
