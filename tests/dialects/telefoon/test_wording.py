"""The words of this API: one for everything that it may have to tell, and no other than those it documents."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, get_args

import pytest

from telefonie.core.call import Cause, Direction, EndedBy, Status
from telefonie.core.events import Kind
from telefonie.core.phones import Detection, Heard
from telefonie.core.recordings import News, Source
from telefonie.core.recordings import Status as RecordingStatus
from telefonie.core.room import Did
from telefonie.core.room import Status as RoomStatus
from telefonie.dialects.telefoon import (
    conference_schemas,
    conference_wording,
    letters,
    recording_wording,
    recordings,
    schemas,
    wishes,
    wording,
)
from telefonie.flow.effects import Purpose


@pytest.mark.parametrize(
    ("words", "domain"),
    [
        (wording.STATUS, Status),
        (wording.DIRECTION, Direction),
        (wording.ANSWERED_BY, Heard),
        (wording.CAUSE, Cause),
        (wording.ENDED_BY, EndedBy),
        (wording.DETECTION, Detection),
        (letters.ASKED, Purpose),
        (recording_wording.STATUS, RecordingStatus),
        (recording_wording.SOURCE, Source),
        (recording_wording.EVENT, News),
        (conference_wording.STATUS, RoomStatus),
        (conference_wording.EVENT, Did),
        (conference_wording.ON_THE_WAY, Status),
    ],
)
def test_there_is_a_word_for_everything(words: Mapping[StrEnum, str], domain: type[StrEnum]) -> None:
    assert set(words) == set(domain)


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        (wording.STATUS, schemas.StatusWord),
        (wording.DIRECTION, schemas.DirectionWord),
        (wording.CAUSE, schemas.EndReason),
        (wording.DETECTION, schemas.DetectionWord),
        (wording.TOLD, schemas.EventWord),
        (recording_wording.SOURCE, recordings.SourceWord),
        (conference_wording.STATUS, conference_schemas.StatusWord),
    ],
)
def test_the_words_are_those_that_are_documented(words: Mapping[StrEnum, str], promised: Any) -> None:
    assert sorted(words.values()) == sorted(get_args(promised))


def test_all_but_the_verdict_of_detection_is_told_unless_something_else_is_wanted() -> None:
    assert wishes.USUAL == (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.CONSENTED, Kind.ENDED)
