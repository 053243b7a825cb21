"""The only module that knows the action record, which records the call, beside the other actions or before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from telefonie.core.recordings import News
from telefonie.flow import recordings
from telefonie.flow.deeds import Deed, StopAside
from telefonie.flow.kinds import FLAG, METHOD, ONE_URL, TEXT, keys, one_of, seconds, whole
from telefonie.flow.program import Memory, Next, Scene, Step
from telefonie.flow.recorder import Recorder, torn
from telefonie.flow.spelling import Field, Language, Reading, Spelling
from telefonie.flow.tapes import Report, Script, Tape

MOST_OF_MP3: Final = 2  # channels
_WORDS: Final = "transcription"


@dataclass(frozen=True, slots=True)
class RecordCall(Recorder):
    """Record the call: beside the other actions, unless something is named that ends it."""

    report: Report | None  # who is told its end
    script: Script | None  # and its words
    words_wanted: bool = False  # whether or not it is said where they go

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
        return Next(recordings.beside(self.tape(scene, memory["id"])))

    def tape(self, scene: Scene, recording_id: str) -> Tape:
        """With what is told of it beside the recording's own events, or in their place."""
        if not scene.call.order.strict:
            return recordings.tape(scene, recording_id, self.about, self.report, self.script)
        # Strict documents move the one event that there is; others ask for one more. Words go where that goes.
        about, report, script = self.about, self.report, self.script
        if report is not None:
            about = {**about, "url": report.url, "method": report.method, "on": (News.COMPLETED,)}
        elif url := scene.call.order.report_url:
            report = Report(url, scene.call.order.report_method)
        if self.words_wanted and script is None and report is not None:
            script = Script(report.url, report.method)
        return recordings.tape(scene, recording_id, about, None, script)

    def over(self, scene: Scene, why: str, digit: str = "") -> Step:
        """Report it, and go on: what is answered is not read."""
        return Next((self._end(scene, why, digit),))

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """Torn out: it is reported all the same."""
        return (self._end(scene, torn(scene)),) if "since" in scene.memory else ()

    def _end(self, scene: Scene, why: str, digit: str = "") -> Deed:
        return self.finished(scene, why, self.kept(scene), digit)


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
        {
            "source": "record_action",
            "channels": channels or 2,
            "form": _form(values["format"], channels or 2),
        },
        Report(values["eventUrl"], values["eventMethod"]) if values["eventUrl"] else None,
        _script(values),
        _WORDS in reading.node.members,
    )


def _form(wished: str | None, channels: int) -> str:
    return wished or ("wav" if channels > MOST_OF_MP3 else "mp3")


def _script(values: Mapping[str, Any]) -> Script | None:
    url = values[f"{_WORDS}.eventUrl"]
    return Script(url, values[f"{_WORDS}.eventMethod"]) if url else None


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
                "The kind of file that the recording is.",
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
                "The language of the transcript; words are told in the language in which they were said.",
                within=_WORDS,
            ),
            Field(
                "eventUrl",
                ONE_URL,
                None,
                "Told the words of both sides, once the recording is over.",
                within=_WORDS,
            ),
            Field("eventMethod", METHOD, "POST", "How the words are told.", within=_WORDS),
            Field(
                "sentimentAnalysis",
                FLAG,
                default=False,
                says="Read, and without effect here.",
                within=_WORDS,
            ),
            Field(
                "eventUrl",
                ONE_URL,
                None,
                "Told when the recording is over. Its events go where the call's do, with or without it.",
            ),
            Field("eventMethod", METHOD, "POST", "How it is told."),
        ),
        _record_call,
    ),
)
