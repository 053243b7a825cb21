"""The only module that says what a customer must have been told, in which order, and by whom it must be signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from standardwebhooks import Webhook

from tests.e2e.customer import Answer, Arrival

# What is told of a call that came to this end.
STORY: Final[Mapping[str, set[tuple[str, ...]]]] = {
    "completed": {("initiated", "ringing", "answered", "completed")},
    "busy": {("initiated", "ringing", "completed")},
    "no-answer": {("initiated", "ringing", "completed")},
    "failed": {("initiated", "completed")},
    "canceled": {("initiated", "completed"), ("initiated", "ringing", "completed")},
}


def whole_story(calls: Iterable[Any], arrivals: Iterable[Arrival], secret: str) -> None:
    """Every event of every call came, signed, in order and never changed; and nothing else came."""
    by_call: defaultdict[str, list[Arrival]] = defaultdict(list)
    webhook = Webhook(secret)
    for arrival in arrivals:
        webhook.verify(arrival.body, arrival.headers)
        by_call[arrival.json["call"]["id"]].append(arrival)
    ended = {call["id"]: call for call in calls}
    assert by_call.keys() == ended.keys()
    for call_id, letters in by_call.items():
        _in_order(ended[call_id], letters)


def _in_order(call: Any, arrivals: list[Arrival]) -> None:
    """The first letters of all events in the order of the events; whatever came again came unchanged."""
    first: dict[int, Arrival] = {}
    taken: set[int] = set()
    for arrival in arrivals:
        sequence: int = arrival.json["sequence_number"]
        if sequence not in first:
            assert sequence == len(first), f"{call['id']}: {sequence} came before {len(first)}"
            assert taken.issuperset(range(sequence)), "a letter overtook one that was not taken yet"
            first[sequence] = arrival
        assert arrival.event_id == first[sequence].event_id == arrival.json["event_id"]
        assert arrival.body == first[sequence].body
        if arrival.answer is Answer.TAKEN:
            taken.add(sequence)
    assert len({arrival.event_id for arrival in first.values()}) == len(first) == len(taken)
    told = tuple(first[n].json["event"].removeprefix("call.") for n in range(len(first)))
    assert told in STORY[call["status"]], f"{call}: {told}"
    assert first[len(first) - 1].json["call"] == call
