"""The only module that knows how documents spell a recording: its events, its channels, what names it for Stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core.recordings import News, Source
from telefonie.flow import tapes
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import BeginRecording, Deed, EndRecording, StartAside
from telefonie.flow.kinds import METHOD, URL, words
from telefonie.flow.program import Scene
from telefonie.flow.spelling import Field
from telefonie.flow.tapes import Report, Script, Tape

KIND: Final = "recording"
TRIM: Final = "trim-silence"
EVENTS: Final[Mapping[str, News]] = {
    "in-progress": News.STARTED,
    "completed": News.COMPLETED,
    "absent": News.FAILED,
}


def callbacks(code: int = 0) -> tuple[Field, ...]:
    """Where a document has a recording told. `code`: of the warning about a bad value, if it has one of its own."""
    more: dict[str, Any] = {"code": code} if code else {}
    return (
        Field(
            "recordingStatusCallback",
            URL,
            None,
            "Told how the recording gets on.",
            shown_default="where the call's recordings are told, or its events",
            **more,
        ),
        Field(
            "recordingStatusCallbackMethod",
            METHOD,
            "POST",
            "How it is told.",
            **more,
        ),
        Field("recordingStatusCallbackEvent", words(*EVENTS), ("completed",), "Of what it is told.", **more),
    )


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same, as a recording keeps it; without a URL nothing of it counts."""
    if values["recordingStatusCallback"] is None:
        return {}
    return {
        "url": values["recordingStatusCallback"],
        "method": values["recordingStatusCallbackMethod"],
        "on": tuple(EVENTS[each] for each in values["recordingStatusCallbackEvent"]),
    }


def tape(
    scene: Scene,
    recording_id: str,
    about: Mapping[str, Any],
    report: Report | None = None,
    script: Script | None = None,
) -> Tape:
    """A recording that begins now. `about`: its source, channels, track, trim, and where it is told."""
    given = {name: value for name, value in about.items() if name not in ("source", "on")}
    if "on" in about:
        given["on"] = tuple(News(each) for each in about["on"])
    it = tapes.new(scene.call, recording_id, Source(about["source"]), scene.now, **given)
    return Tape(it, report=report, script=script)


def beside(it: Tape, name: str = "") -> tuple[Deed, ...]:
    """It goes on beside the documents; Stop finds it by its name."""
    data = {"source": it.recording.source.value}
    return StartAside(Aside(KIND, it.id, it.recording.since, name or it.id, data)), BeginRecording(it)


def ended(aside: Aside, now: int, why: str) -> tuple[Deed, ...]:  # noqa: ARG001 - as all endings are asked
    """One that went on beside the documents has ended."""
    return (EndRecording(aside.id, why),)
