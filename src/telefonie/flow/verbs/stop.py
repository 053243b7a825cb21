"""The only module that knows Stop, which ends what goes on beside the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telefonie.flow import taps
from telefonie.flow.deeds import Deed, StopAside, Warn
from telefonie.flow.markup import SCHEMA_WARNING, Element, Spot
from telefonie.flow.parameters import read_parameters
from telefonie.flow.program import Next, Scene, Step, Verb
from telefonie.flow.spelling import Language, Part, Reading, Spelling, reach


@dataclass(frozen=True, slots=True)
class Stop(Verb):
    """End streams, recordings and transcriptions by their names."""

    name: str
    spot: Spot
    named: tuple[tuple[str, str], ...]  # kind and name; without a name all of the kind

    def begin(self, scene: Scene) -> Step:
        """Those that go on."""
        deeds: list[Deed] = []
        for kind, name in self.named:
            meant = [each for each in scene.asides if each.kind == kind and name in ("", each.name)]
            deeds += [StopAside(each.id) for each in meant]
            if not meant:
                which = f"{kind} of the name {name}" if name else kind
                deeds.append(Warn(SCHEMA_WARNING, f"there is no {which} to stop"))
        return Next(tuple(deeds))


def _stop(reading: Reading) -> Stop | None:
    nouns = [each for each in reading.element.elements if each.name in taps.NOUNS]
    if not reading.element.elements:
        reading.warn("<Stop> has nothing to stop, so it is passed over")
    named = tuple(pair for each in nouns for pair in _named(each, reading))
    return Stop("Stop", reading.spot, named) if named else None


def _named(element: Element, reading: Reading) -> list[tuple[str, str]]:
    values = reach(taps.NOUNS[element.name], element, reading.remarks)
    read_parameters(element, reading.remarks, taps.INSIDE.get(element.name, ()))
    return [] if values is None else [(taps.KINDS[element.name], values["name"])]


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Stop",
        "End what Start began, by name; without a name all of that kind. The next verb runs at once.",
        (),
        _stop,
        content="Stream, Siprec, Transcription and Recording; only their name matters",
        nested=tuple(taps.NOUNS),
        parts=tuple(Part(f"<{name}>", "As in Start.", ()) for name in taps.NOUNS),
    ),
)
