"""Where a recording begins and ends in the middle of a sound, and what its pauses leave out."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.call import Call, Direction, Order, Status
from telefonie.core.composing import Journal, compose
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.recordings import Status as Taped
from tests.support import scores
from tests.support.scores import Shown, shown

LINE = "aa bb cc dd ee"  # 14 characters in 1.4 s here: 100 ms each
CALL = Call(
    "c1",
    "a1",
    "plain",
    Order(Direction.OUTBOUND, "1", "2", "0", "USD"),
    Status.COMPLETED,
    0,
    0,
    answered_at=0,
    ended_at=9_000,
)
SAID = {"text": LINE, "ms": 1_400, "pieces": [[0, 1_400, LINE, "en-US"]]}
JOURNAL = Journal(
    CALL,
    (
        Event(0, 1_000, Kind.SAID, Actor.PLATFORM, SAID),
        Event(1, 3_000, Kind.PLAYED, Actor.PLATFORM, {"what": "music", "ms": 60_000}),
        Event(2, 5_000, Kind.HUSHED, Actor.PLATFORM),
        Event(3, 9_000, Kind.ENDED, Actor.PLATFORM),
    ),
)


def of(since: int, until: int | None, **more: Any) -> list[Shown]:
    return shown(scores.score(scores.recording("c1", since, until, channels=1, **more), {"c1": JOURNAL}))


def test_moments_count_from_where_the_recording_begins() -> None:
    assert of(500, 6_000) == [(0, 500, 1_900, LINE), (0, 2_500, 4_500, "music")]


def test_a_sound_in_which_it_begins_is_heard_from_there() -> None:
    assert of(1_500, 3_000) == [(0, 0, 900, "cc dd ee +500")]


def test_a_sound_in_which_it_ends_is_cut() -> None:
    assert of(0, 1_500) == [(0, 1_000, 1_500, "aa bb")]


def test_what_ends_before_it_or_begins_after_it_is_no_part_of_it() -> None:
    assert of(2_400, 3_000) == []
    assert of(5_000, 9_000) == []


def test_a_pause_is_silence_of_its_length() -> None:
    assert of(0, 5_000, gaps=((1_500, 4_000),)) == [
        (0, 1_000, 1_500, "aa bb"),
        (0, 4_000, 5_000, "music +1000"),
    ]


def test_a_pause_that_skips_leaves_nothing_behind() -> None:
    it = scores.recording("c1", 0, 5_000, channels=1, gaps=((1_500, 4_000),), skips=True)
    found = scores.score(it, {"c1": JOURNAL})
    assert shown(found) == [(0, 1_000, 1_500, "aa bb"), (0, 1_500, 2_500, "music +1000")]
    assert found.ms == it.ms == 2_500


def test_a_sentence_around_a_pause_is_heard_in_two_parts() -> None:
    gaps = ((1_300, 1_800),)
    assert of(0, 3_000, gaps=gaps) == [(0, 1_000, 1_300, "aa"), (0, 1_800, 2_400, "dd ee +800")]
    assert of(0, 3_000, gaps=gaps, skips=True) == [(0, 1_000, 1_300, "aa"), (0, 1_300, 1_900, "dd ee +800")]


def test_several_pauses_add_up() -> None:
    gaps = ((500, 900), (1_300, 1_800), (3_000, 4_000))
    found = [(0, 600, 900, "aa"), (0, 900, 1_500, "dd ee +800"), (0, 2_100, 3_100, "music +1000")]
    assert of(0, 6_000, gaps=gaps, skips=True) == found


def test_a_recording_that_ends_in_a_pause_ends_with_it() -> None:
    gaps = ((1_500, None),)
    assert of(0, 5_000, gaps=gaps) == [(0, 1_000, 1_500, "aa bb")]
    it = scores.recording("c1", 0, 5_000, channels=1, gaps=gaps, skips=True)
    assert scores.score(it, {"c1": JOURNAL}).ms == it.ms == 1_500


@pytest.mark.parametrize(
    "more", [{"status": Taped.RUNNING, "until": None}, {"status": Taped.FAILED, "until": 5_000}]
)
def test_of_what_goes_on_or_has_failed_there_is_nothing(more: dict[str, Any]) -> None:
    given = {"since": 0, **more}
    found = scores.score(scores.recording("c1", **given), {"c1": JOURNAL})
    assert (found.ms, found.parts) == (0, ())


def test_a_journal_that_is_gone_leaves_silence() -> None:
    found = compose(scores.recording("c1", 0, 5_000), {}, {})
    assert (found.ms, found.parts) == (5_000, ())
