"""The only module that knows Start, which begins what goes on beside the document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from telefonie.flow import taps
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import Deed, Warn
from telefonie.flow.kinds import METHOD, URL
from telefonie.flow.markup import SCHEMA_WARNING, Spot
from telefonie.flow.program import Next, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling

MOST_STREAMS: Final = 4


@dataclass(frozen=True, slots=True)
class Start(Verb):
    """Begin streams, recordings and transcriptions, and go on at once. They outlive the document."""

    name: str
    spot: Spot
    taps: tuple[taps.Tap, ...]

    def begin(self, scene: Scene) -> Step:
        """All of them, as far as they may begin."""
        running = list(scene.asides)
        deeds: list[Deed] = []
        for number, each in enumerate(self.taps):
            new = each.begun(scene, number)
            trouble = _trouble(new, running)
            if trouble:
                deeds.append(Warn(SCHEMA_WARNING, trouble))
                continue
            running.append(new)
            deeds += taps.begun(scene, new)
        return Next(tuple(deeds))


def _trouble(new: Aside, running: Iterable[Aside]) -> str:
    """Why it cannot begin, if so."""
    same = [each for each in running if each.kind == new.kind]
    if any(each.name == new.name for each in same):
        return f"a {new.kind} of the name {new.name} goes on already, so another one does not begin"
    if new.kind == "stream" and len(same) >= MOST_STREAMS:
        return f"a call may have {MOST_STREAMS} streams, so {new.name} does not begin"
    return ""


def _start(reading: Reading) -> Start | None:
    found = [taps.read_tap(each, reading) for each in reading.element.elements if each.name in taps.NOUNS]
    if not reading.element.elements:
        reading.warn("<Start> has nothing to start, so it is passed over")
    wanted = tuple(each for each in found if each is not None)
    return Start("Start", reading.spot, wanted) if wanted else None


ENDINGS: Final = dict.fromkeys(("stream", "siprec", "transcription"), taps.stopped)
SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Start",
        "Begin what goes on beside the document until Stop or the end of the call; the next verb runs at once."
        " Streams, siprec and transcriptions are accepted, written down and told of; their sound and words are not"
        " sent yet.",
        (
            Field("action", URL, None, "Read, and without effect: nothing is waited for."),
            Field("method", METHOD, "POST", "Read, and without effect."),
        ),
        _start,
        content="Stream (at most 4 in a call), Siprec, Transcription and Recording",
        nested=tuple(taps.NOUNS),
        parts=taps.PARTS,
    ),
)
