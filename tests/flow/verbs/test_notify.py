"""The action notify tells the app something of its own, and runs what it answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telefonie.flow.commands import Lost
from tests.support.play import ROOT, Answer, Play, Played

NEXT = {"action": "talk", "text": "Next"}
OTHER = json.dumps([{"action": "talk", "text": "Other"}])


def notify(answer: Answer, **options: Any) -> tuple[Play, Played]:
    """A call that notifies, played to its end."""
    play = Play({"/told": answer})
    given = {"action": "notify", "payload": {"step": 1}, "eventUrl": [f"{ROOT}told"], **options}
    call = play.call(json.dumps([{name: value for name, value in given.items() if value is not None}, NEXT]))
    play.finish()
    return play, call


def test_the_payload_is_told_as_it_stands() -> None:
    payload = {"step": 2, "of": ["a", {"b": None}], "deep": {"er": True}}
    play, _ = notify("", payload=payload)
    assert play.actions == [("/told", {"payload": payload})]
    assert (play.asked[-1].method, play.asked[-1].verb) == ("POST", "notify")


def test_the_url_may_be_relative() -> None:
    assert notify("", eventUrl=["told"])[0].actions == [("/told", {"payload": {"step": 1}})]


def test_its_method() -> None:
    assert notify("", eventMethod="GET")[0].asked[-1].method == "GET"
    play, call = notify("", eventMethod="PUT")
    assert (play.asked[-1].method, call.warned) == ("POST", [12200])


def test_an_array_in_the_answer_takes_the_place_of_the_rest() -> None:
    assert notify(OTHER)[1].said == ["Other"]


@pytest.mark.parametrize("answer", ["", "  "])
def test_without_one_the_next_action_runs(answer: str) -> None:
    _, call = notify(answer)
    assert (call.said, call.warned) == (["Next"], [])


@pytest.mark.parametrize("answer", [Lost(11200, "no answer"), "[not json", '[{"action":"talk"'])
def test_so_it_does_if_nothing_usable_can_be_had(answer: Answer) -> None:
    _, call = notify(answer)
    assert call.said == ["Next"]
    assert len(call.warned) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"payload": None},
        {"payload": "text"},
        {"payload": [1]},
        {"eventUrl": None},
        {"eventUrl": ROOT},
        {"eventUrl": []},
    ],
)
def test_it_needs_an_object_and_a_url(wrong: dict[str, Any]) -> None:
    play, call = notify("", **wrong)
    assert (play.actions, call.steps, call.warned) == ([], ["talk"], [12200])
