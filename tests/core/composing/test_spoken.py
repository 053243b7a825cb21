"""The transcript of a recording: what is heard on it, word by word."""

from __future__ import annotations

from telefonie.core.composing import Sentence, as_text, as_vtt, transcript
from telefonie.core.pacing import Word
from telefonie.core.score import File, Key, Part, Score, Sounding, Tone, Words
from telefonie.core.transcripts import Speaker

LINE = Words("aa bb cc", "nl-NL", 800)  # 100 ms a character


def part(at: int, ms: int = 800, skip: int = 0, said: str = "", **more: object) -> Part:
    given = {"speaker": "platform", "call_id": "c1", "sound": LINE, **more}
    return Part(0, at, ms, skip=skip, said=said, **given)  # type: ignore[arg-type]


def lines(*parts: Part) -> tuple[Sentence, ...]:
    return transcript(Score(60_000, 2, parts))


def test_a_sentence_has_its_speaker_language_moments_and_words() -> None:
    (line,) = lines(part(1_000))
    words = Word("aa", 1_000, 1_200), Word("bb", 1_300, 1_500), Word("cc", 1_600, 1_800)
    assert line == Sentence(Speaker.PLATFORM, "c1", "aa bb cc", "nl-NL", 1_000, 1_800, 0, words)


def test_of_a_sentence_that_was_cut_there_are_the_words_that_were_out() -> None:
    (line,) = lines(part(1_000, 550, said="aa bb"))
    assert (line.text, line.end_ms, line.cut) == ("aa bb", 1_550, True)
    assert line.words == (Word("aa", 1_000, 1_200), Word("bb", 1_300, 1_500))


def test_of_a_sentence_that_is_heard_from_its_middle_there_are_the_words_from_there() -> None:
    (line,) = lines(part(0, 500, 300, "bb cc"))
    assert (line.text, line.start_ms, line.end_ms, line.cut) == ("bb cc", 0, 500, False)
    assert line.words == (Word("bb", 0, 200), Word("cc", 300, 500))


def test_of_what_was_cut_before_its_first_word_nothing_is_told() -> None:
    assert lines(part(1_000, 150)) == ()


def test_keys_and_sounds_are_no_words() -> None:
    sounds = Key("1"), Sounding(Tone.BEEP), File("k")
    assert lines(*(part(at, 100, sound=sound) for at, sound in enumerate(sounds))) == ()


def test_sentences_stand_in_the_order_of_their_beginnings() -> None:
    assert [each.start_ms for each in lines(part(3_000), part(1_000), part(2_000))] == [1_000, 2_000, 3_000]


# -- to be read --


def test_as_text_each_sentence_is_a_line() -> None:
    found = lines(part(1_000), part(3_601_500, 550, said="aa bb", speaker="far_end"))
    assert as_text(found) == "[00:00:01.000] platform: aa bb cc\n[01:00:01.500] far_end: aa bb -\n"


def test_as_vtt_each_sentence_is_a_cue() -> None:
    assert as_vtt(lines(part(1_000))) == ("WEBVTT\n\n00:00:01.000 --> 00:00:01.800\n<v platform>aa bb cc\n")


def test_where_several_speak_their_calls_are_named() -> None:
    found = lines(
        part(0), part(1_000, speaker="other", call_id="c2"), part(2_000, speaker="other", call_id="c3")
    )
    assert [each.split(": ")[0] for each in as_text(found).splitlines()] == [
        "[00:00:00.000] platform",
        "[00:00:01.000] other c2",
        "[00:00:02.000] other c3",
    ]


def test_no_words_can_break_out_of_their_line_or_cue() -> None:
    evil = Words("<v x>&\n\n00:00:01.000 --> 00:00:02.000\u2028a\r\nWEBVTT", "", 1_000)
    found = lines(part(0, 1_000, sound=evil))
    assert as_text(found).count("\n") == 1
    cue = as_vtt(found).split("\n", 3)[3]
    assert cue == "<v platform>&lt;v x&gt;&amp; 00:00:01.000 --&gt; 00:00:02.000 a WEBVTT\n"


def test_of_silence_there_is_nothing_to_read() -> None:
    assert (as_text(()), as_vtt(())) == ("", "WEBVTT\n")
