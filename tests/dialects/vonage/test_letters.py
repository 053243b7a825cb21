"""One golden letter for each event, as POST and as GET, from a life in which it happens; signed each time.

The golden letters stand in `golden_letters.json`: what is changed there is changed for every receiver.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import pytest

from tests.dialects.vonage.lives import EVENTS, Country, Told, a_country, claims_of
from tests.dialects.vonage.stories import FIRST, GOLDEN, OF_THE_LEG, Story
from tests.support.targets import fresh_target

LETTERS: Final[Mapping[str, Mapping[str, Any]]] = json.loads(
    (Path(__file__).parent / "golden_letters.json").read_text("utf-8")
)
Found: TypeAlias = dict[str, Told]


@pytest.fixture(
    scope="module", params=[("sqlite", "GET"), ("postgres", "POST")], ids=["sqlite-GET", "postgres-POST"]
)
async def lives(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_folder: Path,
    postgres_server: str,
    migrated_template: str,
) -> AsyncIterator[tuple[str, Found]]:
    """All lives, each led by an account of its own in one world; and the letter of each event."""
    kind, method = request.param
    folder = tmp_path_factory.mktemp("lives") / "store"
    async with (
        fresh_target(kind, folder, migrated_folder, postgres_server, migrated_template) as target,
        a_country(target) as country,
    ):
        yield method, await _lead(country, method)


async def _lead(country: Country, method: str) -> Found:
    told: dict[Story, list[Told]] = {}
    for story, _, _ in GOLDEN.values():
        if story not in told:
            town = await country.town(method, story.__name__)
            await story(town)
            told[story] = await town.live()
    return {event: _one(event, told[story], word, which) for event, (story, word, which) in GOLDEN.items()}


def _one(event: str, told: list[Told], word: str, which: str) -> Told:
    found = [each for each in told if each.word == word]
    if which == OF_THE_LEG:
        found = [each for each in found if "-" not in each.content["uuid"]]
    assert found, f"{event} was not told: {[each.word for each in told]}"
    return found[0] if which == FIRST else found[-1]


@pytest.mark.parametrize("event", GOLDEN)
def test_an_event_is_told_in_these_words(lives: tuple[str, Found], event: str) -> None:
    method, found = lives
    letter = found[event].letter
    golden = LETTERS[event]
    assert letter.method == method
    if method == "POST":
        assert json.loads(letter.body) == golden["POST"]
        return
    assert letter.body == ""
    assert urlsplit(letter.url).query == golden["GET"]


@pytest.mark.parametrize("event", GOLDEN)
def test_the_vendors_own_verifier_finds_it_genuine(lives: tuple[str, Found], event: str) -> None:
    letter = lives[1][event].letter
    claims = claims_of(letter)
    assert sorted(claims) == ["api_key", "application_id", "iat", "iss", "jti", "payload_hash"]
    assert claims["iss"] == "Vonage"
    assert claims["api_key"] == letter.account_id[:8]


def test_every_golden_letter_has_a_life() -> None:
    assert list(LETTERS) == list(GOLDEN)
    assert EVENTS.startswith("https://")
