"""The only module that says what a recording is composed of: what happened to calls, and what follows of it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from telefonie.core.call import Call
from telefonie.core.composing.spans import FOREVER, Spans, complement, joined, while_on
from telefonie.core.events import Actor, Event, Kind

# The facts by which it is known what can be heard; of all others nothing is said here.
HEARD: Final = frozenset(
    {
        *(Kind.SAID, Kind.PLAYED, Kind.HUSHED, Kind.PRESSED, Kind.KEYS_SENT, Kind.ENDED, Kind.FETCHED),
        *(Kind.MUTED, Kind.UNMUTED, Kind.DEAFENED, Kind.UNDEAFENED, Kind.HELD, Kind.UNHELD),
        *(Kind.CONNECTED, Kind.PARTED, Kind.JOINED),
    }
)


@dataclass(frozen=True, slots=True)
class Journal:
    """A call as it stands, and everything that happened to it, in order."""

    call: Call
    events: Sequence[Event]

    @property
    def id(self) -> str:
        """The call's."""
        return self.call.id

    @property
    def end(self) -> int:
        """Nothing is heard on the call any more."""
        return FOREVER if self.call.ended_at is None else self.call.ended_at

    @property
    def held(self) -> Spans:
        """While its far end hears music and nothing else."""
        return self._while(Kind.HELD, Kind.UNHELD, lambda each: each.actor is not Actor.FAR_END)

    @property
    def away(self) -> Spans:
        """While its far end itself holds the line: nobody is at the phone."""
        return self._while(Kind.HELD, Kind.UNHELD, lambda each: each.actor is Actor.FAR_END)

    @property
    def listening(self) -> Spans:
        """While its far end hears what is said to it: see `hear` in flow.stage."""
        return complement(joined((*self.held, *self.away)))

    @property
    def minding(self) -> Spans:
        """While its far end hears other calls, too."""
        return complement(self._while(Kind.DEAFENED, Kind.UNDEAFENED, lambda _: True))

    @property
    def audible(self) -> Spans:
        """While what its far end says is heard by anybody: see `audible` in flow.stage."""
        muted = self._while(Kind.MUTED, Kind.UNMUTED, lambda _: True)
        return complement(joined((*muted, *self.held, *self.away)))

    def partners(self) -> dict[str, Spans]:
        """With which calls it was connected, and when."""
        ids = (str(each.data["call_id"]) for each in self.events if each.kind is Kind.CONNECTED)
        return {each: self._connected(each) for each in dict.fromkeys(ids)}

    def _connected(self, partner: str) -> Spans:
        return self._while(Kind.CONNECTED, Kind.PARTED, lambda each: each.data["call_id"] == partner)

    def rooms(self) -> tuple[str, ...]:
        """In which rooms it was."""
        found = (each.data.get("room") for each in self.events if each.kind is Kind.JOINED)
        return tuple(dict.fromkeys(str(each) for each in found if each))

    def _while(self, begins: Kind, ends: Kind, counts: Callable[[Event], bool]) -> Spans:
        def switched() -> Iterator[tuple[int, bool]]:
            for each in self.events:
                if each.kind in (begins, ends) and counts(each):
                    yield each.at, each.kind is begins

        return while_on(switched(), self.end)
