"""Who said what, from when to when: made of nothing but what happened."""

from __future__ import annotations

from typing import Any, Final

import pytest

from telefonie.core.events import Actor, Event, Kind
from telefonie.core.transcripts import Line, Speaker, transcript

P, F, X = Speaker.PLATFORM, Speaker.FAR_END, Speaker.OTHER
WORDS: Final = "aaaa bbbb cccc dddd"  # 19 characters, said here in 1.9 s: one each 100 ms


def happened(*facts: tuple[int, Kind, Actor, dict[str, Any]]) -> tuple[Line, ...]:
    return transcript(Event(number, *fact) for number, fact in enumerate(facts))


def said(at: int, text: str = WORDS, ms: int = 1_900, **more: Any) -> tuple[int, Kind, Actor, dict[str, Any]]:
    return at, Kind.SAID, Actor.PLATFORM, {"text": text, "ms": ms, "language": "en-US", **more}


def theirs(
    at: int, text: str = WORDS, ms: int = 1_900, **more: Any
) -> tuple[int, Kind, Actor, dict[str, Any]]:
    data = {"text": text, "ms": ms, "language": "nl-NL", "confidence": 0.5, **more}
    return at, Kind.SAID, Actor.FAR_END, data


def hush(at: int) -> tuple[int, Kind, Actor, dict[str, Any]]:
    return at, Kind.HUSHED, Actor.PLATFORM, {}


def end(at: int) -> tuple[int, Kind, Actor, dict[str, Any]]:
    return at, Kind.ENDED, Actor.CUSTOMER, {"status": "completed"}


def overheard(at: int, call: str) -> tuple[int, Kind, Actor, dict[str, Any]]:
    return at, Kind.OVERHEARD, Actor.FAR_END, {"text": WORDS, "ms": 1_900, "language": "", "call_id": call}


def told(lines: tuple[Line, ...]) -> list[tuple[Speaker, str, int, int, bool]]:
    return [(each.speaker, each.text, each.start, each.end, each.cut) for each in lines]


def test_what_was_said_to_its_end_is_told_whole() -> None:
    lines = happened(said(1_000), theirs(5_000), end(9_000))
    assert told(lines) == [(P, WORDS, 1_000, 2_900, False), (F, WORDS, 5_000, 6_900, False)]
    assert [(each.language, each.confidence) for each in lines] == [("en-US", None), ("nl-NL", 0.5)]


def test_what_the_platform_says_is_told_sentence_by_sentence() -> None:
    pieces = [[0, 500, "Hello.", "en-US"], [800, 400, "Dag.", "nl-NL"], [1_300, 0, "", "nl-NL"]]
    lines = happened(said(1_000, "Hello. Dag.", 1_300, pieces=pieces))
    assert told(lines) == [(P, "Hello.", 1_000, 1_500, False), (P, "Dag.", 1_800, 2_200, False)]
    assert [each.language for each in lines] == ["en-US", "nl-NL"]


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (1_400, "aaaa"),  # at the end of the word
        (1_499, "aaaa"),
        (1_899, "aaaa"),  # the last letter of the second is missing
        (1_900, "aaaa bbbb"),
        (2_899, "aaaa bbbb cccc"),
    ],
)
def test_what_was_cut_short_shows_the_whole_words_that_were_out(at: int, text: str) -> None:
    assert told(happened(said(1_000), hush(at))) == [(P, text, 1_000, at, True)]


@pytest.mark.parametrize("at", [1_000, 1_001, 1_399])
def test_of_what_was_cut_before_its_first_word_nothing_is_told(at: int) -> None:
    assert happened(said(1_000), hush(at)) == ()


def test_a_cut_at_the_very_end_cuts_nothing() -> None:
    assert told(happened(said(1_000), hush(2_900))) == [(P, WORDS, 1_000, 2_900, False)]


def test_sentences_that_were_still_to_come_are_never_said() -> None:
    pieces = [[0, 1_900, WORDS, "en-US"], [2_000, 1_900, WORDS, "en-US"]]
    lines = happened(said(0, f"{WORDS} {WORDS}", 3_900, pieces=pieces), hush(1_950))
    assert told(lines) == [(P, WORDS, 0, 1_900, False)]


def test_a_script_that_does_not_part_words_is_cut_between_characters() -> None:
    assert told(happened(said(0, "こんにちは", 1_000), hush(450))) == [(P, "こん", 0, 450, True)]


def test_a_barge_in_cuts_the_platform_and_nobody_else() -> None:
    lines = happened(said(0), theirs(500), overheard(600, "c2"), hush(900))
    assert [each.cut for each in lines] == [True, False, False]


def test_the_end_of_the_call_cuts_everybody() -> None:
    lines = happened(said(0), theirs(0), overheard(0, "c2"), end(900))
    assert told(lines) == [(each, "aaaa bbbb", 0, 900, True) for each in (P, F, X)]


def test_who_parts_is_cut_and_who_stays_goes_on() -> None:
    lines = happened(
        overheard(0, "c2"), overheard(0, "c3"), (900, Kind.PARTED, Actor.PLATFORM, {"call_id": "c2"})
    )
    assert [(each.call_id, each.cut) for each in lines] == [("c2", True), ("c3", False)]


def test_lines_stand_in_the_order_of_their_beginnings() -> None:
    pieces = [[0, 1_000, "First.", ""], [3_000, 1_000, "Third.", ""]]
    lines = happened(said(0, "", 4_000, pieces=pieces), theirs(2_000, "Second."))
    assert [each.text for each in lines] == ["First.", "Second.", "Third."]


def test_what_the_carrier_announces_is_no_part_of_the_call_and_not_cut() -> None:
    assert told(happened(said(0, announcement=True), end(0))) == [(P, WORDS, 0, 1_900, False)]
