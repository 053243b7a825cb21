"""The only module in which recordings of a call begin, pause, go on and end, and in which this is kept and told.

Whatever made a recording begin, what becomes of it is said here: a fact on the call's timeline, the recording as
it stands, and a letter in the call's lane if somebody wants to hear of it. What still goes on ends with the call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from telefonie.core import far_end, recordings
from telefonie.core.call import Status
from telefonie.core.derive import derived, part_id
from telefonie.core.effects import KeepRecording, Lane, NotifyRecording
from telefonie.core.errors import Conflict, Illegal
from telefonie.core.events import Kind
from telefonie.core.hearing import utterance
from telefonie.core.recordings import USUAL, News, Recording, Source, Trigger, Wanted
from telefonie.flow import tapes
from telefonie.flow.effects import Purpose
from telefonie.flow.run import Run
from telefonie.flow.stage import Stage
from telefonie.flow.tapes import INBOUND, OUTBOUND, Script, Sound, Tape

MOST: Final = 10  # recordings of a call that go on at once
CALL_KINDS: Final = frozenset({Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED})
_STATES: Final = {
    News.STARTED: "started",
    News.PAUSED: "paused",
    News.RESUMED: "resumed",
    News.COMPLETED: "finished",
    News.FAILED: "absent",
}


def begin_recording(stage: Stage, consent: str | None = None) -> None:
    """The recording that was asked for with the call itself: from now to its end. `consent`: given or assumed."""
    order = stage.call.order
    number = part_id(stage.call.id, "recording", "call")
    source = Source(order.record_source)
    it = tapes.new(stage.call, number, source, stage.now, channels=order.channels, consent=consent)
    begin(stage, Tape(it))


def start(stage: Stage, wanted: Wanted) -> None:
    """One that is asked for while the call is under way."""
    call = stage.call
    if call.status is not Status.TALKING:
        raise Illegal("call", call.status, "be recorded")
    run = stage.run
    if run is not None and (run.refused or run.asked is not None):
        what = "did not agree to be recorded" if run.refused else "is being asked whether it may be recorded"
        raise Conflict("no_consent", f"The far end of this call {what}, so no recording can be started.")
    if len(_going(stage)) >= MOST:
        raise Conflict("too_many_recordings", f"At most {MOST} recordings of a call can go on at once.")
    more: dict[str, Any] = {"url": wanted.url, "method": wanted.method}
    if wanted.url is not None:
        more["on"] = tuple(News)
    number = part_id(call.id, "recording", f"asked.{stage.turn()}")
    source, channels = Source.ON_DEMAND, wanted.channels
    it = tapes.new(
        call, number, source, stage.now, channels=channels, track=wanted.track, trim=wanted.trim, **more
    )
    begin(stage, Tape(it))


def steer(stage: Stage, recording_id: str, trigger: Trigger, *, skips: bool) -> None:
    """Pause one, or let it go on."""
    tape = going(stage, recording_id)
    if tape is None:
        raise Illegal("recording", recordings.Status.COMPLETED, recordings.WISHES[trigger])
    if trigger is Trigger.PAUSE:
        paused = replace(tape, recording=recordings.pause(tape.recording, stage.now, skips=skips))
        _say(stage, tapes.paused(paused, stage.now), News.PAUSED)
    elif trigger is Trigger.RESUME:
        resumed = replace(tape, recording=recordings.resume(tape.recording, stage.now))
        _say(stage, _listening(stage, resumed), News.RESUMED)


def going(stage: Stage, recording_id: str) -> Tape | None:
    """A recording that goes on."""
    return next((each for each in _going(stage) if each.id == recording_id), None)


def begin(stage: Stage, tape: Tape) -> None:
    """A recording begins."""
    order = stage.call.order
    it = tape.recording
    if it.url is None:
        url = order.recording_url or (order.report_url if CALL_KINDS.issubset(order.report_on) else None)
        # Where documents are strict, a recording is an event when it is there, and not before.
        news = (News.COMPLETED,) if order.strict else USUAL
        it = replace(it, url=url, method=order.report_method, on=news)
    if it.consent is None and order.consent == "assume":
        it = replace(it, consent="assumed")
    stage.call = replace(stage.call, recording=stage.call.recording or it.id)
    _say(stage, _listening(stage, replace(tape, recording=it)), News.STARTED)


def end(
    stage: Stage, recording_id: str, why: str, kept: tuple[int, int] | None = None, digits: str = ""
) -> None:
    """A recording is over, if it still goes on. `kept`: from when to when it reaches, if its verb knows."""
    tape = going(stage, recording_id)
    if tape is None:
        return
    begun = tape.recording.since
    over = recordings.finish(tape.recording, kept or tapes.kept(tape, stage.now), why)
    news = News.COMPLETED if over.ms else News.FAILED
    _say(stage, replace(tape, recording=over), news, lead_ms=over.since - begun)
    _report(stage, tape, over, begun, digits)
    _transcribe(stage, tape, over)


def end_all(stage: Stage, why: str) -> None:
    """All that still go on are over."""
    for each in _going(stage):
        end(stage, each.id, why)


# -- how it is written down, kept and told --


def _going(stage: Stage) -> tuple[Tape, ...]:
    return stage.run.tapes if stage.run else ()


def _put(stage: Stage, tape: Tape) -> None:
    """A tape as it is now; one that is over is let go."""
    known = {each.id: each for each in _going(stage)} | {tape.id: tape}
    left = tuple(each for each in known.values() if each.recording.live)
    stage.run = replace(stage.run or Run(), tapes=left)


def _say(stage: Stage, tape: Tape, news: News, **more: int) -> None:
    it, call = tape.recording, stage.call
    stage.note(Kind.RECORDED, {"recording_id": it.id, "state": _STATES[news], **_shown(it, news), **more})
    told = it.url is not None and news in it.on
    if told:
        it = replace(it, reports=it.reports + 1)
    _put(stage, replace(tape, recording=it))
    stage.effects.append(KeepRecording(it, tape.base))
    if told:
        lane = Lane(call.account_id, call.face, call.id, stage.call.told)
        stage.call = replace(stage.call, told=lane.place + 1)
        stage.effects.append(NotifyRecording(news, stage.now, it.reports - 1, it, lane, tape.base))


def _shown(it: Recording, news: News) -> dict[str, object]:
    """What the timeline says of it."""
    if news is News.STARTED:
        shown: dict[str, object] = {"source": it.source.value, "channels": it.channels, "track": it.track}
        return shown | {"consent": it.consent} if it.consent else shown
    if news in (News.COMPLETED, News.FAILED):
        return {"ms": it.ms, "why": it.why}
    return {}


def _listening(stage: Stage, tape: Tape) -> Tape:
    """It hears what is under way when it begins or goes on, too."""
    run, now = stage.run, stage.now
    if run is not None and run.said_until > now:
        tape = tapes.heard(tape, Sound(INBOUND, now, run.said_until - now), now)
    if run is not None and run.heard_until > now:
        tape = tapes.heard(tape, Sound(OUTBOUND, now, run.heard_until - now), now)
    said = far_end.speaking(stage.far, now) if stage.far is not None and stage.audible else None
    if said is None:
        return tape
    words = utterance(said.at, said.ms, said.text)
    return tapes.heard(tape, Sound(INBOUND, said.at, said.ms, (words,) if words else ()), now)


# -- what verbs tell of it beside --


def report(it: Recording, begun: int) -> dict[str, Any]:
    """What an action says of its recording, once it is over."""
    return {
        "recording_id": it.id,
        "recording_start_time": begun,
        "recording_end_time": it.until,
        "recording_duration": it.seconds,
        "recording_channels": it.channels,
    }


def _report(stage: Stage, tape: Tape, over: Recording, begun: int, digits: str) -> None:
    if tape.report is None:
        return
    outcome = report(over, begun)
    given = {**outcome, "digits": digits} if digits else outcome
    stage.ask(Purpose.TELL, tape.report.url, tape.report.method, base=tape.base, verb="record", outcome=given)


def _transcribe(stage: Stage, tape: Tape, over: Recording) -> None:
    """The words are known, so the transcript is there at once; there is none of nothing."""
    script = tape.script
    if script is None or not over.ms:
        return
    outcome = {
        "transcription_id": derived(over.id, "transcription"),
        "recording_id": over.id,
        "transcription_status": "failed",
    }
    if _fits(script, over.seconds):
        outcome["transcription_status"] = "completed"
        outcome["transcription_text"] = tapes.text(tape, stage.now)
    stage.ask(Purpose.TELL, script.url, script.method, base=tape.base, verb="transcription", outcome=outcome)


def _fits(script: Script, seconds: int) -> bool:
    return script.shortest <= seconds and (script.longest is None or seconds <= script.longest)
