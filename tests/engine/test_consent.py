"""The question whether a call may be recorded lives in the store: whoever dies in the middle, it is asked once."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from telefonie.core.accounts import Account, Consent, Settings
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from telefonie.core.recordings import Recording
from telefonie.flow.consent import LATE_MS, announcement
from tests.engine.test_flow_takeover import HOST, SOMEBODY, told
from tests.support.world import World

ASKING: Final = Settings(consent=Consent.ANNOUNCE)
SPOKEN: Final = announcement("nl-NL").ms / 1000
ANSWERED: Final = 3.0  # seconds after a call was placed
SETTLED: Final = ANSWERED + SPOKEN + LATE_MS / 1000
PHONES: Final = {
    "agrees": Behaviour(),
    "refuses": Behaviour(consents=False),
    "presses": Behaviour(script=({"wait": 2}, {"press": "9"})),
    "presses late": Behaviour(script=({"wait": SPOKEN + 1}, {"press": "9"})),
}
# In seconds: while it rings, in the announcement, after it, when all is known.
MOMENTS: Final = (0, 1.5, ANSWERED + 1, ANSWERED + 3, SETTLED - 1.5, SETTLED - 0.5, SETTLED + 0.3)


async def begin(world: World, account: Account) -> dict[str, str]:
    """Calls that are to be recorded, to far ends of every kind."""
    world.customer.pages({"/voice": "<Response><Say>Hoi</Say><Pause length='3'/></Response>"})
    order = {"document_url": f"{HOST}/voice", "record": True, "language": "nl-NL"}
    return {name: await world.call(SOMEBODY, account, phone=phone, **order) for name, phone in PHONES.items()}


async def known(world: World, account: Account, call_id: str) -> list[object]:
    """How it is known of a call whether it may be recorded."""
    return [each.data["how"] for each in await world.journal(call_id, account) if each.kind is Kind.CONSENTED]


async def test_dying_again_and_again_while_it_is_asked_changes_nothing(world: World) -> None:
    quiet, account = await world.another(settings=ASKING), await world.another(settings=ASKING)
    await begin(world, quiet)
    await world.until_idle(quiet)
    expected = await told(world, quiet)
    calls = await begin(world, account)
    for before, moment in pairwise(MOMENTS):
        await world.pass_time(moment - before, account)
        await world.die()
        await world.start()
    await world.until_idle(account)
    assert await told(world, account) == expected
    assert {name: await known(world, account, call_id) for name, call_id in calls.items()} == {
        "agrees": ["announced"],
        "refuses": ["behaviour"],
        "presses": ["key"],
        "presses late": ["key"],
    }
    kept: list[Recording] = await world.recordings(account=account)
    assert [(each.call_id, each.consent) for each in kept] == [(calls["agrees"], "given")]
