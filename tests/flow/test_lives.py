"""Whatever documents say, however servers answer and whatever people do meanwhile: calls end, and make sense."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telefonie.core.events import Kind
from telefonie.flow.commands import Sound
from tests.flow.documents import DOCUMENTS
from tests.flow.stories import JOINING_STORIES, STORIES, Serves, Story
from tests.flow.watching import Watched, over

EXAMPLES: Final = 100
_SLOW: Final = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=_SLOW)
@given(STORIES | JOINING_STORIES)
def test_every_call_ends_and_nothing_outlives_it(story: Story) -> None:
    play = Watched()
    story.tell(play)
    over(play)


def _told(play: Watched) -> list[Any]:
    """All timelines."""
    return [(call.id, call.events) for call in play.calls.values()]


@settings(deadline=None, max_examples=EXAMPLES // 2, suppress_health_check=_SLOW)
@given(STORIES | JOINING_STORIES, st.sampled_from((0.1, 0.7, 3.0)))
def test_time_in_one_go_is_time_in_many_small_steps(story: Story, hop: float) -> None:
    one, many = Watched(), Watched()
    story.tell(one)
    story.tell(many, hop)
    assert _told(one) == _told(many)


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=_SLOW)
@given(DOCUMENTS)
def test_every_verb_that_begins_stands_in_the_document(document: str) -> None:
    play = Watched()
    play.pages["/"] = Serves((document,), Sound(200, 2_000))
    call = play.call(limit_ms=60_000)
    play.pass_time(80_000)
    over(play)
    for begun in call.of(Kind.STEPPED):
        assert begun["verb"] in (
            _written(document, begun["column"]),
            "talk",
        )  # with which the call is broken off


def _written(document: str, column: int) -> str:
    """The name of what stands there, in a document of one line."""
    there = document[column - 1 :]
    if there.startswith("<"):
        return there[1:].partition(" ")[0].partition(">")[0]
    return str(json.JSONDecoder().raw_decode(there)[0]["action"]) if there.startswith("{") else ""
