"""The only module that has calls which were played recorded: their scores, and these in few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from telefonie.core.composing import Journal, Needs, compose, wanted
from telefonie.core.recordings import Recording, Source, Status
from telefonie.core.room import Fact
from telefonie.core.score import Audio, File, Key, Part, Score, Sounding, Words
from tests.support.play import Play, Played

Shown = tuple[int, int, int, str]  # channel, from, until, what
BOTH: Final = 2


def recording(call_id: str, since: int, until: int | None, **more: Any) -> Recording:
    """A recording that is over, with each side on its channel if nothing else is said."""
    given: dict[str, Any] = {"status": Status.COMPLETED, "channels": BOTH, **more}
    source = given.pop("source", Source.CALL)
    return Recording("r1", "a1", "plain", call_id, source, since, "USD", until=until, **given)


def whole(played: Played, **more: Any) -> Recording:
    """A recording of all of a call that is over, from its answer on."""
    call = played.call
    assert call.answered_at is not None
    return recording(call.id, call.answered_at, call.ended_at, **more)


def score(
    it: Recording, journals: Mapping[str, Journal], rooms: Mapping[str, Sequence[Fact]] | None = None
) -> Score:
    """Composed of what it asks for, and of nothing else."""
    calls: dict[str, Journal] = {}
    known: dict[str, Sequence[Fact]] = {}
    while needs := wanted(it, calls, known):
        assert not needs.calls & calls.keys()
        assert not needs.rooms & known.keys()
        calls |= {each: journals[each] for each in needs.calls}
        known |= {each: ({} if rooms is None else rooms)[each] for each in needs.rooms}
    assert wanted(it, calls, known) == Needs()
    return compose(it, calls, known)


def journals(play: Play) -> dict[str, Journal]:
    """All that happened."""
    return {each.id: Journal(each.call, each.events) for each in play.calls.values()}


def of(play: Play, it: Recording, rooms: Mapping[str, Sequence[Fact]] | None = None) -> Score:
    """The score of a recording of what was played."""
    return score(it, journals(play), rooms)


def shown(found: Score) -> list[Shown]:
    """Its parts in few words; what begins in its middle shows from where."""
    return [(each.channel, each.at, each.at + each.ms, _name(each)) for each in found.parts]


def _name(part: Part) -> str:
    skip = f" +{part.skip}" if part.skip else ""
    match part.sound:
        case Words(text, _, ms):
            cut = part.skip or part.ms < ms
            return f"{part.said if cut else text}{skip}"
        case Key(digit):
            return f"key {digit}{skip}"
        case Sounding(tone, country):
            return f"{tone}{' ' + country if country else ''}{skip}"
        case File(key) | Audio(key):
            return f"file {key}{skip}"
