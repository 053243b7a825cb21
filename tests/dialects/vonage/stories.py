"""The only module that tells the lives of calls in which every event of the third vendor's table happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from telefonie.core.commands import HangUp
from telefonie.core.events import Actor
from telefonie.core.phones import Outcome
from tests.dialects.vonage.lives import EVENTS, HOST, SOMEBODY, Town
from tests.support.customer import Answer

Story: TypeAlias = Callable[[Town], Awaitable[Any]]
HELLO: Final = {"action": "talk", "text": "Hello"}
STAY: Final = {"action": "wait", "timeout": 20}


async def talked(town: Town) -> None:
    await town.call(HELLO)


async def found_busy(town: Town) -> None:
    await town.call(HELLO, to="447700900020")


async def cancelled(town: Town) -> None:
    call = await town.call(HELLO, to="447700900030")
    await town.pass_time(5)
    await town.tell(call, HangUp(Actor.CUSTOMER))


async def timed_out(town: Town) -> None:
    await town.call(HELLO, to="447700900030", ringing_timer=30)


async def unanswered(town: Town) -> None:
    await town.phone(SOMEBODY, outcome=Outcome.UNAVAILABLE)
    await town.call(HELLO)


async def rejected(town: Town) -> None:
    await town.call(HELLO, to="447700900040")


async def failed(town: Town) -> None:
    await town.call(HELLO, to="447700900050")


async def heard_human(town: Town) -> None:
    await town.call(STAY, machine_detection="continue")


async def heard_machine(town: Town) -> None:
    await town.call(STAY, to="447700900060", machine_detection="continue")


async def heard_beep(town: Town) -> None:
    await town.call(HELLO, to="447700900070", advanced_machine_detection={"mode": "detect_beep"})


async def heard_no_beep(town: Town) -> None:
    await town.call(HELLO, to="447700900060", advanced_machine_detection={"mode": "detect_beep"})


async def met(town: Town) -> None:
    room = {"action": "conversation", "name": "Room", "record": True, "eventUrl": [EVENTS]}
    await town.phone(SOMEBODY, script=({"say": "Hello"}, {"wait": 4}, {"hangup": True}))
    await town.call({**room, "eventMethod": town.method})


async def recorded(town: Town) -> None:
    words = {"eventUrl": [EVENTS], "eventMethod": town.method}
    record = {"action": "record", "timeOut": 5, "transcription": words, **words}
    await town.phone(SOMEBODY, script=({"say": "My message"},))
    await town.call(record)


async def gave_keys(town: Town) -> None:
    await town.phone(SOMEBODY, script=({"wait": 1}, {"press": "12"}))
    await town.call({"action": "input", "type": ["dtmf"], "dtmf": {"maxDigits": 2}, **_to(town)})


async def gave_words(town: Town) -> None:
    await town.phone(SOMEBODY, greeting="", script=({"wait": 1}, {"say": "Yes please", "confidence": 0.94}))
    await town.call({"action": "input", "type": ["speech"], **_to(town)})


async def gave_nothing(town: Town) -> None:
    await town.phone(SOMEBODY, greeting="")
    await town.call({"action": "input", "type": ["dtmf", "speech"], **_to(town)})


async def gave_each_key(town: Town) -> None:
    await town.phone(SOMEBODY, script=({"wait": 1}, {"press": "7"}))
    await town.call({"action": "input", "type": ["dtmf"], "mode": "asynchronous", **_to(town)}, STAY)


async def notified(town: Town) -> None:
    await town.call({"action": "notify", "payload": {"order": 7, "nested": {"a": None}}, **_to(town)})


async def paid(town: Town) -> None:
    await town.call({"action": "pay", "amount": 9.99, **_to(town)})


async def lost(town: Town) -> None:
    town.pages["/answer"] = Answer(404)
    await town.call(answer_url=[f"{HOST}/answer"], answer_method=town.method)


def _to(town: Town) -> dict[str, Any]:
    return {"eventUrl": [EVENTS], "eventMethod": town.method}


# For each event: the life in which it happens, how many other letters come before it there.
GOLDEN: Final[Mapping[str, tuple[Story, str]]] = {
    "started": (talked, "started"),
    "ringing": (talked, "ringing"),
    "answered": (talked, "answered"),
    "completed": (talked, "completed"),
    "busy": (found_busy, "busy"),
    "completed_after_busy": (found_busy, "completed"),
    "cancelled": (cancelled, "cancelled"),
    "timeout": (timed_out, "timeout"),
    "unanswered": (unanswered, "unanswered"),
    "rejected": (rejected, "rejected"),
    "failed": (failed, "failed"),
    "human": (heard_human, "human"),
    "machine": (heard_machine, "machine"),
    "transfer": (met, "transfer"),
    "record_of_conversation": (met, "record"),
    "record": (recorded, "record"),
    "transcription": (recorded, "transcription"),
    "input_dtmf": (gave_keys, "input"),
    "input_speech": (gave_words, "input"),
    "input_nothing": (gave_nothing, "input"),
    "input_asynchronous": (gave_each_key, "input"),
    "notify": (notified, "notify"),
    "payment": (paid, "payment"),
}
