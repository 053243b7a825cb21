"""The only module that tells the lives of calls in which every event of the third vendor's table happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from telefonie.core.commands import HangUp
from telefonie.core.events import Actor
from telefonie.core.phones import Outcome
from tests.dialects.vonage.lives import BOT, EVENTS, HOST, NOBODY, OURS, SOMEBODY, Town
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


async def recorded_from_here(town: Town) -> None:
    await town.phone(SOMEBODY, script=({"say": "My message"},))
    record = {
        "action": "record",
        "format": "wav",
        "split": "conversation",
        "channels": 2,
        "transcription": {},
    }
    await town.call(record, HELLO, {"action": "wait", "timeout": 4})


async def was_recorded_saying(town: Town) -> None:
    await town.phone(SOMEBODY, greeting="", script=({"wait": 1}, {"say": "Yes please", "confidence": 0.94}))
    await town.call({"action": "input", "type": ["speech"], "speech": {"saveAudio": True}, **_to(town)})


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


async def called_another(town: Town) -> None:
    await town.phone("447700900002", hangs_up_after=3_000)
    await town.call(_connect("447700900002"))


async def asked_about_a_leg(town: Town) -> None:
    await town.call({**_connect("447700900020"), "eventType": "synchronous", **_to(town)})


async def left_by_a_program(town: Town) -> None:
    await town.phone(SOMEBODY, greeting="")
    await town.call({**_connect_program(BOT), **_to(town)})
    await town.pass_time(10)  # nobody waits for what a program may do


async def met_no_program(town: Town) -> None:
    await town.phone(SOMEBODY, greeting="")
    await town.call({**_connect_program(NOBODY), **_to(town)})


async def fell_back(town: Town) -> None:
    town.pages["/answer"] = Answer(500)
    await town.call(answer_url=[f"{HOST}/answer"], answer_method=town.method)


async def fell_back_from_an_event(town: Town) -> None:
    town.pages["/input"] = Answer(500)
    await town.phone(SOMEBODY, script=({"wait": 1}, {"press": "1"}))
    asked = {"action": "input", "type": ["dtmf"], "dtmf": {"maxDigits": 1}, **_to(town)}
    await town.call({**asked, "eventUrl": [f"{HOST}/input"]})


def _connect(number: str) -> dict[str, Any]:
    return {"action": "connect", "from": OURS, "endpoint": [{"type": "phone", "number": number}]}


def _connect_program(uri: str) -> dict[str, Any]:
    program = {
        "type": "websocket",
        "uri": uri,
        "content-type": "audio/l16;rate=16000",
        "headers": {"order": "7"},
    }
    return {"action": "connect", "from": OURS, "endpoint": [program]}


def _to(town: Town) -> dict[str, Any]:
    return {"eventUrl": [EVENTS], "eventMethod": town.method}


LAST: Final = "last"
FIRST: Final = "first"
OF_THE_LEG: Final = "of the leg"
# For each event: the life in which it happens, its word, and which of those with that word is meant.
GOLDEN: Final[Mapping[str, tuple[Story, str, str]]] = {
    "started": (talked, "started", LAST),
    "ringing": (talked, "ringing", LAST),
    "answered": (talked, "answered", LAST),
    "completed": (talked, "completed", LAST),
    "busy": (found_busy, "busy", LAST),
    "completed_after_busy": (found_busy, "completed", LAST),
    "cancelled": (cancelled, "cancelled", LAST),
    "timeout": (timed_out, "timeout", LAST),
    "unanswered": (unanswered, "unanswered", LAST),
    "rejected": (rejected, "rejected", LAST),
    "failed": (failed, "failed", LAST),
    "human": (heard_human, "human", LAST),
    "machine": (heard_machine, "machine", LAST),
    "machine_beep_start": (heard_beep, "machine", LAST),
    "machine_beep_timeout": (heard_no_beep, "machine", LAST),
    "transfer": (met, "transfer", LAST),
    "record_of_conversation": (met, "record", LAST),
    "record": (recorded, "record", LAST),
    "transcription": (recorded, "transcription", LAST),
    "record_split": (recorded_from_here, "record", LAST),
    "transcription_where_the_call_is_told": (recorded_from_here, "transcription", LAST),
    "input_dtmf": (gave_keys, "input", LAST),
    "input_speech": (gave_words, "input", LAST),
    "input_speech_kept": (was_recorded_saying, "input", LAST),
    "input_nothing": (gave_nothing, "input", LAST),
    "input_asynchronous": (gave_each_key, "input", LAST),
    "notify": (notified, "notify", LAST),
    "payment": (paid, "payment", LAST),
    "error": (lost, "error", FIRST),
    "completed_leg": (called_another, "completed", OF_THE_LEG),
    "busy_leg_asked_about": (asked_about_a_leg, "busy", LAST),
    "disconnected": (left_by_a_program, "disconnected", LAST),
    "failed_program": (met_no_program, "failed", LAST),
    "answer": (lost, "answer", LAST),
    "fallback_answer": (fell_back, "fallback", LAST),
    "fallback_event": (fell_back_from_an_event, "fallback", LAST),
}
