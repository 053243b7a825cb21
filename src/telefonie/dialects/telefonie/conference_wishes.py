"""The only module that turns what customers of this API wish of rooms into what the engine is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from telefonie.core.accounts import Account
from telefonie.core.attending import Invitation, Opening, Steering
from telefonie.core.room import Status
from telefonie.dialects.telefonie import conference_schemas as schemas
from telefonie.dialects.telefonie.conference_wording import STATUS
from telefonie.dialects.telefonie.wishes import order_of
from telefonie.web.problems import Detail, invalid

STATUS_OF: Final[Mapping[str, Status]] = {word: status for status, word in STATUS.items()}
BEEP_OF: Final[Mapping[str, str]] = {"true": "both", "false": "none", "onEnter": "enter", "onExit": "exit"}


def opening_of(wish: schemas.ConferenceCreation) -> Opening:
    """The room that is wanted."""
    return Opening(
        name=wish.friendly_name or "",
        most=wish.max_participants,
        record=wish.record,
        channels=wish.recording_channels,
        report_url=wish.status_callback,
    )


def invitation_of(
    account: Account, wish: schemas.ParticipantCreation, ignored: tuple[str, ...]
) -> Invitation:
    """Who is to be called in; the call itself is like any other."""
    return Invitation(
        order=order_of(account, wish.call(), ignored),
        label=wish.label or "",
        muted=wish.muted,
        held=wish.hold,
        starts=wish.start_on_enter,
        ends=wish.end_on_exit,
        coach=wish.coach or "",
        beep=BEEP_OF[str(wish.beep).lower() if isinstance(wish.beep, bool) else wish.beep],
    )


def steering_of(wish: schemas.ParticipantUpdate) -> Steering:
    """What is to become of somebody."""
    return Steering(
        muted=wish.muted,
        held=wish.hold,
        coach=wish.coach,
        ends=wish.end_on_exit,
        announce_url=wish.announce_url,
        announce_method=wish.announce_method,
    )


def check_one(wish: schemas.ConferenceUpdate) -> None:
    """A room is ended, or told something: what is said while it ends nobody would hear."""
    if wish.status is not None and wish.announce_url is not None:
        raise invalid(
            Detail("status", "cannot be used together with announce_url; send one change at a time")
        )
