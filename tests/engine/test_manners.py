"""Letters may have manners of their own: what is sent with them, how long, and how often, their face says each time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from telefonie.core.accounts import Settings
from telefonie.core.applications import Application
from telefonie.core.call import Cause, Status
from telefonie.core.effects import Notify
from telefonie.core.events import Kind
from telefonie.engine.ports import Carriage, Draft, Manner, Reply, Role
from telefonie.flow.effects import Ask
from tests.support.customer import FINE, Answer
from tests.support.targets import Target
from tests.support.world import FACE, NEW_YEAR, PlainFace, World, a_world, phone

HOST: Final = "https://customer.test"
APPLICATION: Final = "00000000-0000-4000-8000-0000000000aa"
FAILED: Final = phone(5)
TALK: Final = '[{"action": "talk", "text": "Hello"}]'


class MannerlyFace(PlainFace):
    """Signs each attempt, is patient with nobody, and tries once more after a 503. It has no word for ringing."""

    def report(self, notice: Notify, event_id: str) -> Draft | None:
        plain = super().report(notice, event_id)
        if plain is None or notice.event.kind is Kind.RANG:
            return None
        return self._own(plain, notice.call.order.application, "event")

    def ask(self, question: Ask, event_id: str) -> Draft:
        return self._own(super().ask(question, event_id), question.call.order.application, "answer")

    def _own(self, plain: Draft, application: str | None, role: str) -> Draft:
        manner = Manner(FACE, application, role)
        return Draft(plain.event, plain.method, plain.url, plain.body, manner)

    def carriage(
        self, role: Role, application: Application | None, method: str, body: str, wall_s: int, jti: str
    ) -> Carriage:
        said = [role, application and application.name, method, len(body), jti]
        assert wall_s > 1_700_000_000  # of the wall, whatever the account's time
        total = 5.0 if role is Role.ANSWER else 10.0
        return Carriage((("Proof", json.dumps(said)),), 0.3, total, frozenset({503}), range(200, 206))


@pytest.fixture
async def polite(target: Target) -> AsyncIterator[World]:
    """A world in which everybody is told in that way."""
    async with a_world(target, faces={FACE: MannerlyFace(), "other": PlainFace()}) as world:
        application = Application(APPLICATION, world.account.id, "shop")
        await world.engine.applications.add(application, lambda each: Reply(201, each.id))
        yield world


def proofs(world: World) -> list[list[Any]]:
    return [json.loads(dict(each.headers)["Proof"]) for each in world.customer.got]


async def fail_once(world: World, answer: Answer, times: int = 1) -> list[str]:
    """A call of which one letter is told, and the first attempts at that go wrong; its states."""
    world.customer.mood = lambda _: answer if len(world.customer.got) <= times else FINE
    await world.call(FAILED, application=APPLICATION, report_on=(Kind.PLACED,))
    await world.pass_time(0)
    return await world.states()


async def test_each_attempt_is_made_as_its_face_says_at_that_moment(polite: World) -> None:
    assert await fail_once(polite, Answer(503)) == ["delivered"]
    first, second = polite.customer.got
    assert (first.id, first.body) == (second.id, second.body)
    assert [(each.connect_s, each.total_s) for each in polite.customer.got] == [(0.3, 10.0)] * 2
    told = proofs(polite)
    assert [each[:4] for each in told] == [["event", "shop", "POST", len(first.body)]] * 2
    assert told[0][4] != told[1][4]  # the attempts have names of their own


async def test_such_letters_do_not_carry_the_accounts_signature(polite: World) -> None:
    await fail_once(polite, FINE)
    [letter] = polite.customer.got
    assert letter.secrets == ()


async def test_it_is_tried_once_more_at_once_and_never_again(polite: World) -> None:
    assert await fail_once(polite, Answer(503), times=9) == ["failed"]
    [delivery] = await polite.deliveries()
    assert (delivery.attempts, delivery.finished_at) == (2, NEW_YEAR)


async def test_the_accounts_schedule_does_not_count(polite: World) -> None:
    keen = await polite.another(settings=Settings(retry_seconds=(1, 2, 3)))
    polite.customer.mood = lambda _: Answer(500)
    await polite.call(FAILED, account=keen, report_on=(Kind.PLACED,))
    await polite.until_idle(keen)
    assert len(polite.customer.got) == 1


async def test_an_answer_counts_only_with_a_status_that_its_face_takes(polite: World) -> None:
    polite.customer.mood = lambda _: Answer(206, document=TALK)
    call = await polite.call(document_url=f"{HOST}/voice", application=APPLICATION, report_url=None)
    await polite.until_idle()
    ended = await polite.look(call)
    assert (ended.status, ended.cause) == (Status.COMPLETED, Cause.DOCUMENT_FAILED)
    warned = [each.data for each in await polite.journal(call) if each.kind is Kind.WARNED]
    assert "200 to 205" in str(warned[0]["message"])


async def test_a_request_for_a_document_is_put_once_more_like_any_letter(polite: World) -> None:
    answers = iter([Answer(503), Answer(205, document=TALK)])
    polite.customer.mood = lambda _: next(answers)
    call = await polite.call(document_url=f"{HOST}/voice", application=APPLICATION, report_url=None)
    await polite.until_idle()
    assert [each[0] for each in proofs(polite)] == ["answer", "answer"]
    assert polite.customer.got[0].total_s == 5.0
    assert [each.data["text"] for each in await polite.journal(call) if each.kind is Kind.SAID][-1] == "Hello"


async def test_sent_again_by_hand_it_is_signed_for_that(polite: World) -> None:
    await fail_once(polite, FINE)
    [first] = await polite.deliveries()
    await polite.engine.mailroom.replay(polite.account.id, first.id)
    await polite.pass_time(0)
    told = proofs(polite)
    assert [each[:2] for each in told] == [["event", "shop"]] * 2
    assert told[0][4] != told[1][4]


async def test_an_application_that_has_changed_meanwhile_counts_as_it_is(polite: World) -> None:
    polite.customer.mood = lambda _: Answer(503)
    await polite.call(FAILED, application=APPLICATION, report_on=(Kind.PLACED,))
    await polite.engine.applications.remove(polite.account.id, APPLICATION)
    await polite.pass_time(0)
    assert [each[1] for each in proofs(polite)] == [None, None]


async def test_where_a_face_has_no_word_for_a_fact_nobody_is_told_and_the_next_letter_leaves(
    polite: World,
) -> None:
    call = await polite.call(phone(2))
    await polite.until_idle()
    assert polite.statuses(call) == ["queued", "busy"]
    assert await polite.states(call) == ["delivered"] * 2
