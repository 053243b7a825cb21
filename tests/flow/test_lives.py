"""Whatever documents say, however servers answer and whatever people do meanwhile: calls end, and make sense."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telefonie.core.events import Kind
from telefonie.flow.content import decode
from telefonie.flow.markup import Unreadable
from telefonie.flow.read import read
from tests.flow.documents import DOCUMENTS
from tests.flow.stories import STORIES, Story
from tests.flow.watching import Watched, over
from tests.support.play import page

EXAMPLES: Final = 120
_SLOW: Final = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=_SLOW)
@given(STORIES)
def test_every_call_ends_and_nothing_outlives_it(story: Story) -> None:
    play = Watched()
    story.tell(play)
    over(play)


def _told(play: Watched) -> list[Any]:
    """All timelines."""
    return [(call.id, call.events) for call in play.calls.values()]


@settings(deadline=None, max_examples=EXAMPLES // 2, suppress_health_check=_SLOW)
@given(STORIES, st.sampled_from((0.1, 0.7, 3.0)))
def test_time_in_one_go_is_time_in_many_small_steps(story: Story, hop: float) -> None:
    one, many = Watched(), Watched()
    story.tell(one)
    story.tell(many, hop)
    assert _told(one) == _told(many)


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=_SLOW)
@given(DOCUMENTS)
def test_every_verb_that_begins_stands_in_the_document(document: str) -> None:
    came = page(document)
    try:
        verbs = read(decode(came.content_type, came.raw), "https://app.test/").verbs
    except Unreadable:
        verbs = ()
    play = Watched()
    call = play.call(document, limit_ms=60_000)
    play.pass_time(80_000)
    over(play)
    inside = [each for verb in verbs for each in getattr(verb, "prompts", ())]
    written = {(each.name, each.spot.line, each.spot.column) for each in (*verbs, *inside)}
    begun = {(each["verb"], each["line"], each["column"]) for each in call.of(Kind.STEPPED)}
    apology = {("talk", 1, 2)}
    assert begun <= written | apology
