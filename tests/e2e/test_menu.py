"""A menu with a scripted caller on a clock that runs by itself: it takes as long as it should."""

from __future__ import annotations

from time import monotonic
from typing import Final

import pytest

from tests.e2e.conftest import Serve
from tests.e2e.server import until
from tests.e2e.tenant import new_tenant, owner
from tests.support.menu import CALLER, CHOSEN, SAID, menu
from tests.support.shop import a_shop

pytestmark = pytest.mark.e2e

SPEED: Final = 10.0
TAKES: Final = 33.04  # seconds of the account's time, with a server that answers at once
OURS: Final = "+3197010280"


async def test_a_menu_takes_as_long_as_it_should(serve: Serve, store: tuple[str, str]) -> None:
    server = serve(*store)
    tenant = await new_tenant(await server.start(), {"mode": "realtime", "speed": SPEED})
    async with a_shop(menu()) as shop, owner(server.url, tenant) as client:
        await client.post("/v1/numbers", json={"number": OURS, "voice_url": shop.at("/menu")})
        began = monotonic()
        given = {"from": "+31612345678", "to": OURS, "script": CALLER}
        call = (await client.post("/v1/simulator/inbound-calls", json=given)).json()["id"]
        await until(lambda: bool(shop.asked("/bye")), 3 * TAKES / SPEED, "the end of the menu")
        took = monotonic() - began
        told = (await client.get(f"/v1/simulator/calls/{call}/timeline")).json()["entries"]
    said = [each["text"] for each in told if each["type"] == "said" and each["actor"] == "platform"]
    assert said == SAID
    assert [each.json["digits"] for each in shop.requests if "digits" in each.json] == CHOSEN
    (ended,) = (each["offset_ms"] / 1000 for each in told if each.get("status") == "completed")
    # What the customer's server and ours take comes on top, ten times as long on this clock.
    assert TAKES <= ended < TAKES + 20
    assert ended / SPEED - 0.2 <= took < ended / SPEED + 2
