"""A connect over the account's limit of calls: no leg, but an error event, and the flow goes on."""

from __future__ import annotations

from typing import Any, Final

from telefonie.core.accounts import Settings
from tests.dialects.vonage.lives import HOST, SOMEBODY, Town

CONNECT: Final[dict[str, Any]] = {"action": "connect", "endpoint": [{"type": "phone", "number": SOMEBODY}]}
TALK: Final = {"action": "talk", "text": "Nobody is there"}


async def test_a_connect_over_the_limit_is_an_error_event(town: Town) -> None:
    await town.world.engine.registry.change_account(town.account.id, None, Settings(creations_per_second=0))
    await town.call(CONNECT, TALK)
    told = [each for each in await town.live() if each.word not in ("started", "ringing", "answered")]
    assert [each.word for each in told] == ["error", "completed"]
    error, completed = (each.content for each in told)
    assert "calls in a second" in error["reason"]
    assert error["conversation_uuid"] == completed["conversation_uuid"]


async def test_it_is_told_where_the_connect_tells(town: Town) -> None:
    await town.world.engine.registry.change_account(town.account.id, None, Settings(creations_per_second=0))
    await town.call({**CONNECT, "eventUrl": [f"{HOST}/connects"]}, TALK)
    [error] = [each for each in await town.live() if each.word == "error"]
    assert error.letter.url == f"{HOST}/connects"
