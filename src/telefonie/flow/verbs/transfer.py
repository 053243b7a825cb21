"""The only module that knows the action transfer: the call goes into a conversation that is under way."""

from __future__ import annotations

from typing import Final

from telefonie.flow.conferring import Conference
from telefonie.flow.kinds import FLAG, list_of, text
from telefonie.flow.lobby import Ways
from telefonie.flow.program import Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling

PREFIX: Final = "CON-"  # as the vendor writes ids of conversations
_LEGS: Final = list_of(text(64), 50)


def _transfer(reading: Reading) -> Verb | None:
    room_id = reading["conversationId"].removeprefix(PREFIX)
    if not room_id:
        reading.warn("transfer needs conversationId, so it is passed over")
        return None
    speak = reading["canSpeak"]
    muted = speak == () if speak is not None else reading["mute"]
    ways = Ways(muted=muted, beep="none", quorum=1, heard_by=speak or None, hears=reading["canHear"])
    return Conference("transfer", reading.spot, "", room_id, ways, "", final=True)


SPELLINGS: Final = (
    Spelling(
        Language.JSON,
        "transfer",
        "Go into a conversation that is under way. Actions after it are reached only if there is no such one.",
        (
            Field("conversationId", text(64), "", "The id of the conversation.", required=True),
            Field("canSpeak", _LEGS, None, "The calls that hear it; none if empty.", shown_default="all"),
            Field("canHear", _LEGS, None, "The calls that it hears; none if empty.", shown_default="all"),
            Field("mute", FLAG, default=False, says="Whether the others do not hear it."),
        ),
        _transfer,
    ),
)
