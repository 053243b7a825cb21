"""Whatever happens to calls, and whenever they are recorded: scores are exact, and transcripts lie within them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telefonie.core.composing import Journal, as_text, as_vtt, transcript
from telefonie.core.events import Kind
from telefonie.core.phones import TONE_MS
from telefonie.core.recordings import Recording, Source
from telefonie.core.room import Fact
from telefonie.core.score import Key, Part, Score, Words, packed, unpacked
from telefonie.core.transcripts import Speaker
from telefonie.core.transcripts import transcript as of_call
from tests.flow.stories import JOINING_STORIES, STORIES, Story
from tests.support import scores
from tests.support.meetings import Meetings
from tests.support.play import Play

EXAMPLES: Final = 25
_SLOW: Final = [HealthCheck.too_slow, HealthCheck.data_too_large]
Journals = dict[str, Journal]
Facts = dict[str, list[Fact]]
lives = settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=_SLOW)


@dataclass(frozen=True)
class Lived:
    """What happened in a story."""

    calls: Journals
    rooms: Facts

    def score(self, it: Recording) -> Score:
        return scores.score(it, self.calls, self.rooms)


def lived(story: Story) -> Lived:
    play = story.tell(Play())
    assert isinstance(play.meet, Meetings)
    return Lived(scores.journals(play), play.meet.rooms)


def recordings(story: Story, data: st.DataObject) -> tuple[Lived, Recording]:
    """A recording of one of the story's calls or rooms, from some moment to another, with pauses."""
    life = lived(story)
    found = life.calls
    own = data.draw(st.sampled_from(list(found.values()))).call
    answered = own.created_at if own.answered_at is None else own.answered_at
    length = (own.ended_at or 0) - answered
    edges = sorted(data.draw(st.lists(st.integers(0, min(length, 90_000)), min_size=2, max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    gaps = tuple(
        (answered + start, answered + end) for start, end in zip(edges[1:-1:2], edges[2:-1:2], strict=True)
    )
    more: dict[str, Any] = {
        "channels": data.draw(st.sampled_from((1, 2))),
        "track": data.draw(st.sampled_from(("both", "both", "inbound", "outbound"))),
    }
    of_a_room: bool = data.draw(st.booleans())
    if life.rooms and of_a_room:
        more = {**more, "room_id": data.draw(st.sampled_from(sorted(life.rooms))), "source": Source.ROOM}
    it = scores.recording(own.id, answered + edges[0], answered + edges[-1], gaps=gaps, **more)
    return life, it


@lives
@given(STORIES | JOINING_STORIES, st.data())
def test_parts_lie_within_the_recording_and_within_their_sounds(story: Story, data: st.DataObject) -> None:
    life, it = recordings(story, data)
    found = life.score(it)
    assert found == life.score(it)
    assert found == unpacked(json.loads(json.dumps(packed(found))))
    assert found.ms == it.ms
    assert [each.at for each in found.parts] == sorted(each.at for each in found.parts)
    for part in found.parts:
        assert part.at >= 0 < part.ms
        assert part.at + part.ms <= found.ms
        assert 0 <= part.channel < found.channels
        assert part.skip >= 0
        if isinstance(part.sound, Words | Key):
            assert part.skip + part.ms <= (part.sound.ms if isinstance(part.sound, Words) else TONE_MS)


@lives
@given(STORIES | JOINING_STORIES, st.data())
def test_one_channel_holds_what_two_hold_and_each_side_its_own(story: Story, data: st.DataObject) -> None:
    life, it = recordings(story, data)
    two = life.score(replace(it, channels=2, track="both")).parts
    one = life.score(replace(it, channels=1, track="both")).parts
    assert one == tuple(replace(each, channel=0) for each in two)
    for channel, track in enumerate(("inbound", "outbound") if it.room_id is None else ()):
        alone = life.score(replace(it, track=track))
        assert alone.channels == 1
        assert alone.parts == tuple(replace(each, channel=0) for each in two if each.channel == channel)


@lives
@given(STORIES | JOINING_STORIES, st.data())
def test_windows_and_pauses_take_away_and_change_nothing(story: Story, data: st.DataObject) -> None:
    life, it = recordings(story, data)
    own = life.calls[it.call_id].call
    everything = life.score(replace(it, since=own.created_at, until=own.ended_at, gaps=())).parts
    until = it.until or 0
    pauses = [(start, end or until) for start, end in it.gaps if start != end]
    holes = [(-1, it.since), *pauses, (until, 1 << 60)]
    silent = [_pieces(each, own.created_at, holes, it.since) for each in everything]
    kept = sorted(piece for pieces in silent for piece in pieces)
    assert sorted(_piece(each) for each in life.score(it).parts) == kept
    shortened = [(_moved(at, it), ms, *rest) for at, ms, *rest in kept]
    skipping = life.score(replace(it, skips=True))
    assert sorted(_piece(each) for each in skipping.parts) == sorted(shortened)
    assert skipping.ms == it.ms - sum((end or until) - start for start, end in it.gaps)


def _piece(part: Part) -> Any:
    return part.at, part.ms, part.skip, part.channel, repr(part.sound), part.call_id


def _pieces(part: Part, zero: int, holes: list[tuple[int, int]], since: int) -> list[Any]:
    """What is left of a part between the holes; its moments count from the recording's beginning."""
    begins, ends = zero + part.at, zero + part.at + part.ms
    found = []
    for (_, start), (end, _) in pairwise(holes):
        first, last = max(start, begins), min(end, ends)
        if first < last:
            left = replace(part, at=first - since, ms=last - first, skip=part.skip + first - begins)
            found.append(_piece(left))
    return found


def _moved(at: int, it: Recording) -> int:
    """Where a moment comes if pauses leave nothing behind."""
    return at - sum((end or 0) - start for start, end in it.gaps if start - it.since <= at)


@lives
@given(STORIES | JOINING_STORIES, st.data())
def test_sentences_lie_within_parts_and_words_within_sentences(story: Story, data: st.DataObject) -> None:
    life, it = recordings(story, data)
    found = life.score(it)
    places = {
        (each.at, each.at + each.ms, each.channel) for each in found.parts if isinstance(each.sound, Words)
    }
    lines = transcript(found)
    for line in lines:
        assert (line.start_ms, line.end_ms, line.channel) in places
        assert "".join(each.text for each in line.words) == "".join(line.text.split()) != ""
        moments = [moment for each in line.words for moment in (each.start, each.end)]
        assert line.start_ms <= min(moments)
        assert max(moments) <= line.end_ms
        assert all(each.start < each.end for each in line.words)
    assert as_text(lines).count("\n") == len(lines)
    assert as_vtt(lines).count("-->") == len(lines)


@lives
@given(STORIES | JOINING_STORIES)
def test_what_a_call_is_said_to_have_said_is_on_its_recording(story: Story) -> None:
    """Of calls that nobody muted or held: then both transcripts are the same, to the millisecond."""
    life = lived(story)
    for own in life.calls.values():
        silenced = any(each.kind in (Kind.HELD, Kind.MUTED) for each in own.events)
        if own.call.answered_at is None or own.call.ended_at is None or silenced:
            continue
        start = own.call.answered_at
        told = [
            (each.speaker, each.text, each.language, each.start - start, each.end - start, each.cut)
            for each in of_call(own.events)
            if each.speaker is not Speaker.OTHER
        ]
        recorded = [
            (each.speaker, each.text, each.language, each.start_ms, each.end_ms, each.cut)
            for each in transcript(life.score(scores.recording(own.id, start, own.call.ended_at)))
            if each.speaker is not Speaker.OTHER
        ]
        assert sorted(told) == sorted(recorded)


@lives
@given(STORIES | JOINING_STORIES)
def test_who_is_muted_held_or_away_is_not_heard_by_anybody(story: Story) -> None:
    life = lived(story)
    for own in life.calls.values():
        switched = [
            each for each in own.events if each.kind in (Kind.HELD, Kind.UNHELD, Kind.MUTED, Kind.UNMUTED)
        ]
        silent = [
            (switched[at].at, _end(switched[at:])) for at in range(len(switched)) if _silences(switched, at)
        ]
        for other in life.calls.values():
            if other.call.ended_at is None:
                continue
            zero = other.call.created_at
            for part in life.score(scores.recording(other.id, zero, other.call.ended_at)).parts:
                if part.call_id == own.id and part.speaker != Speaker.PLATFORM:
                    assert not any(
                        start < zero + part.at + part.ms and zero + part.at < end for start, end in silent
                    )


def _silences(switched: list[Any], at: int) -> bool:
    return switched[at].kind in (Kind.HELD, Kind.MUTED)


def _end(switched: list[Any]) -> int:
    """When what is switched on by the first of these is switched off again."""
    on = switched[0]
    off = Kind.UNHELD if on.kind is Kind.HELD else Kind.UNMUTED
    return next((each.at for each in switched if (each.kind, each.actor) == (off, on.actor)), 1 << 60)
