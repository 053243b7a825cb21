"""The simulator's words: nothing that the rules name is left without one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from telefonie.core.call import Status, Trigger
from telefonie.core.events import Kind
from telefonie.core.phones import Detection, Outcome
from telefonie.simulator import timeline_wording, words


@pytest.mark.parametrize(
    ("spoken", "names"),
    [
        (words.STATUS, Status),
        (words.OUTCOME, Outcome),
        (words.ENTRY, Kind),
        (timeline_wording.FIELDS, Kind),
        (words.PLAN, Trigger),
        (words.DETECTION, Detection),
    ],
)
def test_every_name_has_its_word(spoken: Mapping[StrEnum, object], names: type[StrEnum]) -> None:
    assert set(spoken) == set(names)


@pytest.mark.parametrize(
    ("spoken", "back"), [(words.STATUS, words.STATUS_OF), (words.OUTCOME, words.OUTCOME_OF)]
)
def test_every_word_leads_back_to_its_name(
    spoken: Mapping[StrEnum, StrEnum], back: Mapping[StrEnum, StrEnum]
) -> None:
    assert {back[word] for word in spoken.values()} == set(spoken)
