"""The only module that knows Record, which records a message of the far end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from telefonie.flow import recordings
from telefonie.flow.deeds import Deed, Tell
from telefonie.flow.kinds import FLAG, METHOD, TEXT, URL, keys, one_of, whole
from telefonie.flow.program import Load, Next, Scene, Step
from telefonie.flow.recorder import Recorder, torn
from telefonie.flow.spelling import Field, Language, Reading, Spelling
from telefonie.flow.tapes import INBOUND, Script, Tape

BAD_METHOD: Final = 13610
BAD_TIMEOUT: Final = 13611
BAD_MAX_LENGTH: Final = 13612
BAD_FINISH_KEY: Final = 13613
BAD_TRANSCRIBE: Final = 13614
TOO_LONG_TO_TRANSCRIBE: Final = 13615
BAD_BEEP: Final = 13616
BAD_CALLBACK: Final = 13621
BAD_TRIM: Final = 13699

KEYS: Final = "1234567890*#"
LONGEST: Final = 14_400
TRANSCRIBED: Final = (2, 120)  # seconds, the shortest and the longest


@dataclass(frozen=True, slots=True)
class Record(Recorder):
    """Record one message; its end is put to the action, whose answer takes over."""

    action: str | None  # None: this document once more
    method: str
    transcribe: bool
    transcript_url: str | None

    def over(self, scene: Scene, why: str, digit: str = "") -> Step:
        """Ask the action. With nothing recorded at all the next verb runs instead."""
        if why == "silence" and scene.memory["first"] is None:
            since = scene.memory["since"]
            return Next((self.finished(scene, why, (since, since)),))
        outcome = self._outcome(scene, digit)
        deeds = (self.finished(scene, why, self.kept(scene)),)
        return Load(self.action, self.method, self.name, outcome, deeds=deeds)

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """Torn out: who hung up still leaves a message, and the action is told; its answer is not read."""
        why = torn(scene)
        deeds = (self.finished(scene, why, self.kept(scene)),) if "since" in scene.memory else ()
        url = self.action or (scene.base.url if scene.base else None)
        if why != "call_ended" or url is None:
            return deeds
        return *deeds, Tell(url, self.method, self.name, self._outcome(scene, "hangup"))

    def _outcome(self, scene: Scene, digits: str) -> dict[str, Any]:
        ending = {"digits": digits} if digits else {}
        if "since" not in scene.memory:
            return ending
        return {"recording_id": scene.memory["id"], "recording_duration": self.seconds(scene), **ending}

    def tape(self, scene: Scene, recording_id: str) -> Tape:
        """With the words of the far end, if they are wanted."""
        script = None
        if self.transcribe and self.transcript_url:
            script = Script(self.transcript_url, "POST", INBOUND, *TRANSCRIBED)
        return recordings.tape(scene, recording_id, self.about, script=script)


def _record(reading: Reading) -> Record:
    values = reading.values
    about = {
        "source": "record_verb",
        "trim": values["trim"] == recordings.TRIM,
        **recordings.told(values),
    }
    return Record(
        "Record",
        reading.spot,
        values["playBeep"],
        values["timeout"] * 1000,
        values["finishOnKey"],
        _max_length(reading) * 1000,
        about,
        values["action"],
        values["method"],
        values["transcribe"],
        values["transcribeCallback"],
    )


def _max_length(reading: Reading) -> int:
    wanted: int = reading["maxLength"]
    longest = TRANSCRIBED[1]
    if not reading["transcribe"] or wanted <= longest:
        return wanted
    if "maxLength" in reading.given:
        message = f"maxLength of <Record> may be at most {longest} to be transcribed, so it is {longest}"
        reading.warn(message, TOO_LONG_TO_TRANSCRIBE)
    return longest


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Record",
        "Record what the far end says. If nothing at all was said before the silence that ends it, the next verb runs;"
        " otherwise the action's answer takes over.",
        (
            Field(
                "action",
                URL,
                None,
                "What the recording came to is put here, and the answer is run. Who hangs up while being recorded"
                " still has it asked, with `hangup` for the key; that answer is not read.",
                shown_default="this document once more",
            ),
            Field("method", METHOD, "POST", "How the action is asked.", BAD_METHOD),
            Field(
                "timeout",
                whole(0, LONGEST),
                5,
                "Seconds of silence that end the recording; 0: silence does not.",
                BAD_TIMEOUT,
            ),
            Field("finishOnKey", keys(KEYS, 12), KEYS, "Any of these keys ends it.", BAD_FINISH_KEY),
            Field(
                "maxLength",
                whole(1, LONGEST),
                3_600,
                "Seconds after which it ends; to be transcribed, at most 120.",
                BAD_MAX_LENGTH,
            ),
            Field("playBeep", FLAG, default=True, says="Whether a beep is played before it.", code=BAD_BEEP),
            Field(
                "trim",
                one_of(recordings.TRIM, "do-not-trim"),
                recordings.TRIM,
                "Whether the silence before the first and after the last sound is left out of the recording.",
                BAD_TRIM,
            ),
            *recordings.callbacks(BAD_CALLBACK),
            Field(
                "transcribe",
                FLAG,
                default=False,
                says="Whether the words are written down.",
                code=BAD_TRANSCRIBE,
            ),
            Field("transcribeCallback", URL, None, "Told the transcript, if one was wanted.", BAD_CALLBACK),
            Field("recordingConfigurationId", TEXT, None, "Read, and without effect here."),
        ),
        _record,
    ),
)
