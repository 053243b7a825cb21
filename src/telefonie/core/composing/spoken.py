"""The only module that makes the transcript of a recording: of its score, word by word, as text and as WebVTT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from telefonie.core import pacing
from telefonie.core.pacing import Word
from telefonie.core.score import Part, Score, Words
from telefonie.core.transcripts import Speaker


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that was said, as far as it is heard. Moments are milliseconds of the recording."""

    speaker: Speaker
    call_id: str  # on whose call it was said
    text: str
    language: str
    start_ms: int
    end_ms: int
    channel: int  # 0 is the first
    words: tuple[Word, ...] = ()
    cut: bool = False  # more was to be said


def transcript(score: Score) -> tuple[Sentence, ...]:
    """All sentences in the order of their beginnings. Of what was cut short there are the words that were out."""
    found = (_sentence(each, each.sound) for each in score.parts if isinstance(each.sound, Words))
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.start_ms))


def _sentence(part: Part, sound: Words) -> Sentence | None:
    end = part.skip + part.ms
    whole = not part.skip and end >= sound.ms
    text = sound.text if whole else part.said
    if not text:
        return None
    return Sentence(
        Speaker(part.speaker),
        part.call_id,
        text,
        sound.language,
        part.at,
        part.at + part.ms,
        part.channel,
        tuple(_words(part, sound)),
        end < sound.ms,
    )


def _words(part: Part, sound: Words) -> Iterator[Word]:
    """From when to when each is heard in the recording."""
    for word in pacing.words(sound.text, sound.ms, part.skip, part.skip + part.ms):
        begins = part.at - part.skip
        yield Word(word.text, begins + word.start, begins + word.end)


# -- to be read --


def as_text(lines: Sequence[Sentence]) -> str:
    """One line each; what was cut short ends in a dash."""
    names = _names(lines)
    return "".join(
        f"[{_clock(each.start_ms)}] {names[each.speaker, each.call_id]}: {_on_one_line(each.text)}"
        f"{' -' if each.cut else ''}\n"
        for each in lines
    )


def as_vtt(lines: Sequence[Sentence]) -> str:
    """WebVTT: a cue for each sentence, in the voice of who says it."""
    names = _names(lines)
    cues = [
        f"{_clock(each.start_ms)} --> {_clock(each.end_ms)}\n"
        f"<v {names[each.speaker, each.call_id]}>{escape(_on_one_line(each.text), quote=False)}\n"
        for each in lines
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _names(lines: Sequence[Sentence]) -> dict[tuple[Speaker, str], str]:
    """What to call them: by their call, too, where there are several of a kind."""
    known = dict.fromkeys((each.speaker, each.call_id) for each in lines)
    alone = {who: sum(other is who for other, _ in known) == 1 for who in Speaker}
    return {(who, call): who.value if alone[who] else f"{who.value} {call}" for who, call in known}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
