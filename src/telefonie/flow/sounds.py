"""The only module through which documents are heard, and in which something is said or played into a live call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from telefonie.core import far_end
from telefonie.core.events import Kind
from telefonie.core.phones import keys_ms
from telefonie.flow.commands import Interjection as Command
from telefonie.flow.commands import Lost, Sound, StopStream, StopTalk, Stream, Talk
from telefonie.flow.effects import Purpose
from telefonie.flow.run import Run
from telefonie.flow.sounding import STREAM, TALK, Coming, Interjection, Sounding
from telefonie.flow.speech import Plan
from telefonie.flow.stage import Change, Stage
from telefonie.flow.talking import planned

MOST_LOOPS: Final = 1_000
LEAST_ROUND_MS: Final = 1_000  # of what is repeated without end


class Sounds(Stage):
    """What the far end of one call hears of the platform."""

    def change(self) -> Change:
        """The decision, without what has been heard to its end."""
        run = self.run
        if run is not None and run.sounding:
            now = run.sound_at(self.now)
            left = tuple(each for each in run.sounding if each.end > now)
            if len(left) < len(run.sounding):
                self.run = replace(run, sounding=left)
        return super().change()

    def say(self, plan: Plan) -> None:
        """The platform says something of its own, before any document does."""
        self._sound(Kind.SAID, said(plan, ""))

    # -- documents --

    def utter(self, plan: Plan, voice: str = "") -> None:
        """A document says something; if something is said into the call, then after that."""
        self._let(Kind.SAID, plan.ms, said(plan, voice))

    def play(self, ms: int, data: Mapping[str, Any]) -> None:
        """A document plays something, likewise."""
        self._let(Kind.PLAYED, ms, data)

    def send_keys(self, digits: str) -> None:
        """A document presses keys, likewise."""
        self._let(Kind.KEYS_SENT, keys_ms(digits), {"digits": digits})

    def _let(self, kind: Kind, ms: int, data: Mapping[str, Any]) -> None:
        run = self.run or Run()
        it = Sounding(kind, run.sound_at(self.now), ms, data)
        self.run = replace(run, sounding=(*run.sounding, it))
        if run.interjection is None:
            self._sound(kind, data)

    def quiet(self) -> None:
        """What documents let the far end hear stops."""
        run = self.run or Run()
        self.run = replace(run, sounding=())
        if run.interjection is None:
            self.hush()

    def _sound(self, kind: Kind, data: Mapping[str, Any]) -> None:
        """It is heard from now on."""
        self.note(kind, data)
        if kind is Kind.SAID:
            for start, ms, text, _ in data["pieces"]:
                self.hear(self.now + start, ms, text)

    # -- what is said or played into the call --

    def interject(self, command: Command) -> None:
        """The customer says something, plays something, or has heard enough of it."""
        match command:
            case Talk(text, language, voice, loops, level):
                plan, remarks = planned(text, language or self.call.order.language)
                for each in remarks.found:
                    self.warn(each.code, each.message)
                self.run = replace(self.run or Run(), coming=None)
                self._interrupt(TALK, Kind.SAID, plan.ms, said(plan, voice) | _about(level), loops)
            case Stream(url, loops, level):
                number = self.ask(Purpose.SOUND, url, "GET")
                self.run = replace(self.run or Run(), coming=Coming(number, url, loops, level))
            case StopTalk():
                self._stop(TALK)
            case StopStream():
                self.run = replace(self.run or Run(), coming=None)
                self._stop(STREAM)

    def came(self, coming: Coming, result: Sound | Lost) -> None:
        """A file that is to be played into the call is there, or cannot be had."""
        self.run = replace(self.run or Run(), coming=None)
        if isinstance(result, Lost):
            self.unusable(result.code, result.message, coming.url, Purpose.SOUND.value)
            return
        data: dict[str, Any] = {"url": coming.url, "what": "file", "ms": result.ms}
        if result.key:
            data["sound"] = result.key
        self._interrupt(STREAM, Kind.PLAYED, result.ms, data | _about(coming.level), coming.loops)

    def _interrupt(self, what: str, kind: Kind, ms: int, data: Mapping[str, Any], loops: int) -> None:
        """Documents fall silent; what was said into the call before gives way."""
        run = self.run or Run()
        if run.interjection is not None:
            self.hush()
            stands = run.interjection.stands
        else:
            stands = self._cut(run)
        until = self.now + (ms if loops else max(ms, LEAST_ROUND_MS))
        it = Interjection(what, kind, ms, data, min(loops, MOST_LOOPS), 1, until, stands)
        self.run = replace(self.run or Run(), interjection=it)
        self._sound(kind, data)

    def _cut(self, run: Run) -> int:
        """Where the documents go on afterwards."""
        now = run.sound_at(self.now)
        cut = [each.resumes(now) for each in run.sounding if each.end > now]
        if cut:
            self.hush()
        return min(cut, default=now)

    def next_round(self) -> None:
        """What is said or played has been heard: once more, or the documents go on."""
        it = self.run.interjection if self.run else None
        if it is None:
            return
        if it.loops and it.time >= it.loops:
            self._go_on(it)
            return
        until = self.now + (it.ms if it.loops else max(it.ms, LEAST_ROUND_MS))
        self.run = replace(self.run or Run(), interjection=replace(it, time=it.time + 1, until=until))
        self._sound(it.kind, it.data)

    def _stop(self, what: str) -> None:
        it = self.run.interjection if self.run else None
        if it is not None and it.what == what:
            self.hush()
            self._go_on(it)

    def give_way(self, *, documents: bool) -> None:
        """Nothing is said into the call any more, and `documents` go on, or there will be others."""
        run = self.run
        if run is None:
            return
        self.run = replace(run, coming=None, sounding=run.sounding if documents else ())
        if run.interjection is not None:
            self.hush()
            self._go_on(run.interjection)

    def _go_on(self, it: Interjection) -> None:
        run = self.run or Run()
        self.run = replace(run, interjection=None, lost=self.now - it.stands)
        for each in run.sounding:
            if each.end > it.stands:
                self._sound(each.kind, each.rest(it.stands))

    def deafen(self) -> None:
        """Other calls are not heard from this moment on; what the platform says still is."""
        if self.far is None:
            return
        self.far = far_end.hush(self.far, self.now)
        run = self.run or Run()
        it = run.interjection
        own = [] if it is not None else [(each, run.sound_at(self.now)) for each in run.sounding]
        if it is not None:
            begun = it.until - (it.ms if it.loops else max(it.ms, LEAST_ROUND_MS))
            own = [(Sounding(it.kind, begun, it.ms, it.data), self.now)]
        for each, now in own:
            if each.kind is Kind.SAID and each.end > now:
                resumes = each.resumes(now)
                for start, ms, text, _ in each.rest(resumes)["pieces"]:
                    self.hear(self.now + start, ms, text)


def said(plan: Plan, voice: str) -> dict[str, Any]:
    """The data of the fact that this is said."""
    data: dict[str, Any] = {"text": plan.text, "ms": plan.ms}
    if plan.pieces:
        data["language"] = plan.pieces[0].language
    if voice:
        data["voice"] = voice
    data["pieces"] = [[each.start, each.ms, each.text, each.language] for each in plan.pieces]
    return data


def _about(level: float) -> dict[str, Any]:
    return {"interjected": True, **({"level": level} if level else {})}
