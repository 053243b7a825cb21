"""The only module that knows the action record, which records the call, beside the other actions or before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.flow import recordings
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import Deed, StartAside, StopAside, Tell
from telefonie.flow.kinds import FLAG, METHOD, ONE_URL, TEXT, keys, one_of, seconds, whole
from telefonie.flow.program import Memory, Next, Scene, Step
from telefonie.flow.recorder import Recorder, torn
from telefonie.flow.spelling import Field, Language, Reading, Spelling


@dataclass(frozen=True, slots=True)
class RecordCall(Recorder):
    """Record the call: beside the other actions, unless something is named that ends it."""

    url: str | None  # None: where the call's own events go
    method: str

    @property
    def _waits(self) -> bool:
        return bool(self.silence_ms or self.keys or self.limit_ms)

    def started(self, scene: Scene, memory: Memory) -> Step:
        """A recording that goes on beside the actions ends where the next one begins."""
        others = tuple(
            StopAside(each.id, "recorded_anew")
            for each in scene.asides
            if each.kind == recordings.KIND and each.data["source"] == self.about["source"]
        )
        step = self._begun(scene, memory)
        return replace(step, deeds=(*others, *step.deeds))

    def _begun(self, scene: Scene, memory: Memory) -> Step:
        if self._waits:
            return Recorder.started(self, scene, memory)
        found = self.recording(memory)
        url, method = self._reports(scene)
        data = {**found, "report_url": url, "report_method": method}
        aside = Aside(recordings.KIND, memory["id"], scene.now, data=data)
        return Next((StartAside(aside), *recordings.started(found, scene.now)))

    def _reports(self, scene: Scene) -> tuple[str | None, str]:
        return (self.url, self.method) if self.url else (scene.call.order.report_url, "POST")

    def over(self, scene: Scene, why: str, digit: str = "") -> Step:
        """Report it, and go on: what is answered is not read."""
        return Next(self._end(scene, why, digit))

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """Torn out: it is reported all the same."""
        return self._end(scene, torn(scene)) if "since" in scene.memory else ()

    def _end(self, scene: Scene, why: str, digit: str = "") -> tuple[Deed, ...]:
        since = scene.memory["since"]
        deeds = self.finished(scene, why, (since, scene.now))
        url, method = self._reports(scene)
        if url is None:
            return deeds
        outcome = recordings.report(self.recording(scene.memory), since, scene.now)
        return *deeds, Tell(url, method, self.name, {**outcome, "digits": digit} if digit else outcome)


def _record_call(reading: Reading) -> RecordCall:
    values: Mapping[str, Any] = reading.values
    if (values["channels"] or 1) > 1 and not values["split"]:
        reading.warn("channels of record needs split, so there is one channel")
    channels = values["channels"] if values["split"] else 1
    return RecordCall(
        "record",
        reading.spot,
        values["beepStart"],
        values["endOnSilence"],
        values["endOnKey"],
        values["timeOut"],
        {"source": "record_action", "channels": channels or 2},
        values["eventUrl"],
        values["eventMethod"],
    )


ENDINGS: Final = {recordings.KIND: recordings.ended}
SPELLINGS: Final = (
    Spelling(
        Language.JSON,
        "record",
        "Record the call: until it ends or another record action begins, while the actions go on. With `endOnSilence`,"
        " `endOnKey` or `timeOut` the next action waits for that. The end is reported; the answer is not read.",
        (
            Field(
                "format",
                one_of("mp3", "wav", "ogg"),
                None,
                "The kind of file; read, and without effect on the course of the call.",
                shown_default="mp3, or wav with more than two channels",
            ),
            Field("split", one_of("conversation"), None, "Each side on a channel of its own."),
            Field("channels", whole(1, 32), None, "How many channels; needs `split`.", shown_default="1"),
            Field(
                "endOnSilence", seconds(3, 10), 0, "Seconds of silence that end it.", shown_default="never"
            ),
            Field("endOnKey", keys("0123456789*#", 1), "", "The key that ends it.", shown_default="none"),
            Field("timeOut", seconds(3, 7_200), 0, "Seconds after which it ends.", shown_default="never"),
            Field("beepStart", FLAG, default=False, says="Whether a beep is played before it."),
            Field(
                "language",
                TEXT,
                "en-US",
                "The language of the transcript; read, and without effect here.",
                within="transcription",
            ),
            Field(
                "eventUrl",
                ONE_URL,
                None,
                "Where the transcript would be told; read, and without effect here.",
                within="transcription",
            ),
            Field(
                "eventMethod", METHOD, "POST", "How; read, and without effect here.", within="transcription"
            ),
            Field(
                "sentimentAnalysis",
                FLAG,
                default=False,
                says="Read, and without effect here.",
                within="transcription",
            ),
            Field(
                "eventUrl",
                ONE_URL,
                None,
                "Told when the recording is over.",
                shown_default="where the call's events go",
            ),
            Field("eventMethod", METHOD, "POST", "How it is told."),
        ),
        _record_call,
    ),
)
