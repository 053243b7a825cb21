"""The only module that listens for keys and speech, after prompts or during them, and reports what it has got."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final

from telefonie.core.derive import part_id
from telefonie.core.events import Kind
from telefonie.core.recordings import Source
from telefonie.flow import prompts as nested
from telefonie.flow import recordings
from telefonie.flow.deeds import BeginRecording, Deed, EndRecording, Note, Tell
from telefonie.flow.gathered import Keys, Report, Speech, State, fact_of, outcome_of, so_far, unpacked
from telefonie.flow.markup import Spot
from telefonie.flow.program import Load, Next, Scene, Step, Verb, Wait
from telefonie.flow.recorder import torn
from telefonie.flow.signals import Key, Signal, SpeechBegan, SpeechEnded, Spoken, Woke

_NOTHING: Final = "nothing"  # nobody began to press or to speak
_KEYS: Final = "keys"  # no further key came
_SILENT: Final = "silent"  # nothing more was said
_LONGEST: Final = "longest"  # more was said than is listened to
_HALF: Final = "half"  # half of a sentence was said


@dataclass(frozen=True, slots=True)
class Gather(Verb):
    """Listen for keys, speech or both, whichever comes first."""

    whispers: ClassVar[bool] = True
    name: str
    spot: Spot
    prompts: tuple[Verb, ...]
    keys: Keys | None
    speech: Speech | None
    report: Report
    barge_in: bool = True  # without it, keys during the prompts wait for their end, and speech is not heard

    def begin(self, scene: Scene) -> Step:
        """Prompts first."""
        playing = nested.begin(self.prompts, scene)
        return self._listen(scene, State(), ()) if playing is None else self._prompt(scene, State(), playing)

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """Keys, words, silence, or the prompts' own affairs."""
        state = unpacked(scene.memory)
        match signal:
            case Key(digit):
                return self._pressed(scene, state, digit)
            case SpeechBegan(spoken):
                return self._began(scene, state, spoken)
            case SpeechEnded(spoken):
                return self._ended(scene, state, spoken)
            case Woke(name) if name in _RINGS:
                return _RINGS[name](self, scene, state.rung(name))
            case _ if state.playing is not None:
                going_on = nested.on(self.prompts, scene, nested.unpacked(state.playing), signal)
                return None if going_on is None else self._prompt(scene, state, going_on)
            case _:
                return None

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """Nothing is reported of what was only begun."""
        state = unpacked(scene.memory)
        taped = (EndRecording(state.tape, torn(scene)),) if state.tape else ()
        return (*self._cut(scene, state)[1], *taped)

    # -- prompts --

    def _prompt(self, scene: Scene, state: State, playing: nested.Playing) -> Step:
        if playing.at < len(self.prompts):
            return replace(state, playing=playing.packed()).waiting(*playing.deeds)
        return self._listen(scene, replace(state, playing=None), playing.deeds)

    def _cut(self, scene: Scene, state: State) -> tuple[State, tuple[Deed, ...]]:
        """Put an end to the prompts."""
        if state.playing is None:
            return state, ()
        left = nested.stop(self.prompts, scene, nested.unpacked(state.playing))
        return replace(state, playing=None), left

    def _listen(self, scene: Scene, state: State, deeds: tuple[Deed, ...]) -> Step:
        """The prompts are over: what was pressed meanwhile counts first, then who is speaking."""
        early, state = state.digits, replace(state, digits="")
        for digit in early:
            step = self._take(scene, state, digit, deeds)
            if not isinstance(step, Wait):
                return step
            state = unpacked(step.memory)
        if state.digits:
            return state.waiting(*deeds)
        said = scene.speaking
        if self.speech is not None and said is not None and not said.greeting:
            return self._hear(scene, state, said, deeds)
        waits = [each.wait for each in (self.keys, self.speech) if each is not None]
        return state.ring(nothing=scene.now + min(waits)).waiting(*deeds)

    def _deaf(self, state: State) -> bool:
        """Whether prompts run that nothing may interrupt."""
        return state.playing is not None and not self.barge_in

    # -- keys --

    def _pressed(self, scene: Scene, state: State, digit: str) -> Step | None:
        if self.keys is None or state.spoken_to:
            return None
        if self._deaf(state):
            return replace(state, digits=state.digits + digit).waiting()
        state, left = self._cut(scene, state)
        return self._take(scene, state, digit, left)

    def _take(self, scene: Scene, state: State, digit: str, deeds: tuple[Deed, ...]) -> Step:
        assert self.keys is not None  # noqa: S101 - who calls has looked
        if digit == self.keys.finish:
            return self._done(scene, state, deeds, finished_on_key=digit)
        state = replace(state, digits=state.digits + digit)
        if len(state.digits) == self.keys.most:
            return self._done(scene, state, deeds)
        return state.ring(keys=scene.now + self.keys.wait).waiting(*deeds)

    # -- speech --

    def _minds(self, state: State, spoken: Spoken) -> bool:
        """Whether these words may be an answer."""
        return not (self.speech is None or spoken.greeting or state.digits or self._deaf(state))

    def _began(self, scene: Scene, state: State, spoken: Spoken) -> Step | None:
        if not self._minds(state, spoken):
            return None
        state, left = self._cut(scene, state)
        return self._hear(scene, state, spoken, left)

    def _hear(self, scene: Scene, state: State, spoken: Spoken, deeds: tuple[Deed, ...]) -> Step:
        assert self.speech is not None  # noqa: S101 - who calls has looked
        bells = {_LONGEST: dict(state.bells).get(_LONGEST, scene.now + self.speech.longest)}
        half = spoken.at + spoken.ms // 2
        if self.speech.partial_url is not None and half > scene.now:
            bells[_HALF] = half
        state, taped = self._tape(scene, state)
        return replace(state, speaking=asdict(spoken)).ring(**bells).waiting(*deeds, *taped)

    def _tape(self, scene: Scene, state: State) -> tuple[State, tuple[Deed, ...]]:
        """What is said is kept from its first word on, if that is wished for; it is told with the outcome alone."""
        if self.speech is None or not self.speech.saves or state.tape:
            return state, ()
        number = part_id(scene.call.id, "recording", f"input.{scene.turn}")
        about = {"source": Source.RECORD_VERB.value, "track": "inbound", "url": "", "on": ()}
        tape = recordings.tape(scene, number, about)
        return replace(state, tape=number), (BeginRecording(tape),)

    def _ended(self, scene: Scene, state: State, spoken: Spoken) -> Step | None:
        if not self._minds(state, spoken):
            return None
        assert self.speech is not None  # noqa: S101 - it would not mind otherwise
        state, left = self._cut(scene, state)
        state = replace(state, speaking=None, heard=(*state.heard, (spoken.text, spoken.confidence)))
        longest = dict(state.bells).get(_LONGEST, scene.now + self.speech.longest)
        state = state.ring(silent=scene.now + self.speech.silence, longest=longest)
        state, told = self._tell(scene, state, stable=spoken.text)
        return state.waiting(*left, *told)

    def _half(self, scene: Scene, state: State) -> Step:
        state, told = self._tell(scene, state, unstable=so_far(state, scene.now))
        return state.waiting(*told)

    def _tell(
        self, scene: Scene, state: State, *, stable: str = "", unstable: str = ""
    ) -> tuple[State, tuple[Deed, ...]]:
        assert self.speech is not None  # noqa: S101 - somebody speaks
        if self.speech.partial_url is None:
            return state, ()
        outcome = {
            "stable_speech_result": stable,
            "unstable_speech_result": unstable,
            "language": self.speech.language or scene.language,
            "sequence_number": state.told,
        }
        tell = Tell(self.speech.partial_url, self.speech.partial_method, self.name, outcome)
        return replace(state, told=state.told + 1), (tell,)

    # -- the end --

    def _timed_out(self, scene: Scene, state: State) -> Step:
        return self._done(scene, state, (), timed_out=True)

    def _silent(self, scene: Scene, state: State) -> Step:
        return self._done(scene, state, (), timeout_reason="end_on_silence_timeout")

    def _longest(self, scene: Scene, state: State) -> Step:
        words = so_far(state, scene.now)
        if words and state.speaking is not None:
            state = replace(state, heard=(*state.heard, (words, state.speaking["confidence"])))
        return self._done(scene, state, (), timeout_reason="max_duration")

    def _done(self, scene: Scene, state: State, deeds: tuple[Deed, ...], **how: Any) -> Step:
        """Report what has come, if that is wanted."""
        speech = self.speech and replace(self.speech, language=self.speech.language or scene.language)
        outcome = outcome_of(self.keys, speech, state, how, full=self.report.full)
        if state.tape:
            outcome["recording_id"] = state.tape
            deeds = (*deeds, EndRecording(state.tape, how.get("timeout_reason", "key")))
        deeds = (*deeds, Note(Kind.GATHERED, fact_of(state, how)))
        if not (state.digits or state.heard or self.report.even_empty):
            return Next(deeds)
        url, method = self.report.url, self.report.method
        if self.report.lenient:
            url, method = scene.told_at(url, method)
            if url is None:
                return Next(deeds)
        return Load(url, method, self.name, outcome, self.report.lenient, deeds)


_RINGS: Final = {
    _NOTHING: Gather._timed_out,
    _KEYS: Gather._timed_out,
    _SILENT: Gather._silent,
    _LONGEST: Gather._longest,
    _HALF: Gather._half,
}
