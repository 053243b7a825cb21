"""A letter may give its receiver a time of its own, and nobody else's changes by that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from telefonie.engine.letters import Fault, Letter, Receipt, Want
from tests.webhooks.conftest import Hire
from tests.webhooks.peer import Directory, customer, never, response, says

Write = Callable[..., Letter]
SHORT = 0.05


@pytest.mark.parametrize("want", [Want.NOTHING, Want.DOCUMENT])
async def test_a_letter_that_waits_less_is_over_earlier(hire: Hire, letter: Write, want: Want) -> None:
    async with customer(never) as peer:
        given = letter(peer.url(), connect_s=5.0, total_s=SHORT, want=want)
        receipt = await hire(total_timeout=600).send(given)
    assert receipt.error == Fault.TIMEOUT
    assert receipt.message.endswith(f"within {SHORT:g} s")


async def test_a_letter_that_waits_longer_is_not_cut_with_the_others(hire: Hire, letter: Write) -> None:
    async with customer(never) as mute, customer(says(response(body=b"ok"))) as peer:
        postman = hire(total_timeout=SHORT)
        patient = asyncio.create_task(postman.send(letter(mute.url(), connect_s=1.0, total_s=600.0)))
        usual = await postman.send(letter(mute.url()))
        assert usual.message.endswith(f"within {SHORT:g} s")
        assert (await postman.send(letter(peer.url(), connect_s=1.0, total_s=600.0))).status == 200
        assert not patient.done()
        patient.cancel()
        await asyncio.wait([patient])


async def test_its_connection_has_a_time_of_its_own(hire: Hire, letter: Write) -> None:
    async def silent() -> None:
        await asyncio.Event().wait()

    async def ask(**given: float) -> Receipt:
        postman = hire(names=Directory([], first=silent), connect_timeout=600, total_timeout=600)
        return await postman.send(letter("http://customer.test/", **given))

    receipt = await ask(connect_s=SHORT, total_s=600.0)
    assert receipt.error == Fault.TIMEOUT
    assert receipt.message == f"no connection to customer.test within {SHORT:g} s"
