"""The only module that says what documents tell the calls of a load, and what must have come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.e2e.customer import Arrival

CALLER: Final = "+31201230042"
AGENT: Final = "+14155550110"  # picks up, and hangs up soon
# However late the question is: it presses once it has heard it. It is quick to pick up, so that death finds it
# in its documents.
PHONE: Final = {
    "rings_after": 0.2,
    "answers_after": 0.2,
    "script": [
        {"when_heard": "two keys", "steps": [{"wait": 1}, {"press": "4"}, {"wait": 1}, {"press": "2"}]}
    ],
}
DOCUMENTS: Final[Mapping[str, str]] = {
    "/menu": (
        "<Response><Say>Welcome</Say><Gather numDigits='2' action='chosen'><Say>Two keys, please</Say></Gather>"
        "<Say>Nobody there</Say></Response>"
    ),
    "/chosen": "<Response><Say>Thank you</Say><Redirect>connect</Redirect></Response>",
    "/connect": f"<Response><Dial action='dialled' timeout='600'><Number>{AGENT}</Number></Dial></Response>",
    "/dialled": '[{"action": "talk", "text": "Goodbye"}]',
}
ASKED: Final = tuple(DOCUMENTS)
STEPS: Final = ("Say", "Gather", "Say", "Say", "Redirect", "Dial", "talk")
SAID: Final = ("Welcome", "Two keys, please", "Thank you", "Goodbye")


def whole_flow(
    call: Any, legs: Sequence[Any], requests: Sequence[Arrival], entries: Sequence[Any], *, hung_up: bool
) -> None:
    """Everything happened once and in order; of who was hung up upon, as much as there was time for."""
    first: dict[str, Arrival] = {}
    for each in requests:
        same = first.setdefault(each.event_id, each)
        assert (each.path, each.body) == (same.path, same.body), "what came again came unchanged"
    asked = tuple(each.path for each in first.values())
    steps = tuple(each["verb"] for each in entries if each["type"] == "stepped")
    said = tuple(each["text"] for each in entries if each["type"] == "said" and each["actor"] == "platform")
    offsets = [each["offset_ms"] for each in entries]
    assert offsets == sorted(offsets)
    assert [each["type"] for each in entries].count("fetched") in {len(asked), len(asked) - hung_up}
    for found, whole in ((asked, ASKED), (steps, STEPS), (said, SAID)):
        assert found == (whole[: len(found)] if hung_up else whole), (call, entries)
    assert len(legs) == steps.count("Dial")
    outcomes = {each.path: each.json for each in first.values()}
    if "/chosen" in outcomes:
        assert outcomes["/chosen"]["digits"] == "42"
    if "/dialled" in outcomes and not hung_up:
        reported = outcomes["/dialled"]["dial_call_status"]
        assert (reported, legs[0]["status"]) == ("completed", "completed"), (legs, entries)
