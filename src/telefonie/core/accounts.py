"""The only module that says what an account is and how it may be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

RETRY_SECONDS: Final = (1, 5, 30, 120, 600)


class NumberPolicy(StrEnum):
    """Whose numbers may stand as the caller: any, or only those in the account's inventory."""

    OPEN = "open"
    OWNED = "owned"


class Consent(StrEnum):
    """What happens before a recording."""

    ANNOUNCE = "announce"
    ASSUME = "assume"
    NEVER = "never"


class Scope(StrEnum):
    """What a key may do."""

    VOICE = "voice"
    SIMULATOR = "simulator"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days what is over is kept; None: for ever. All count the account's time, `audit` the wall's."""

    timeline_days: int | None = 30  # journals of calls and rooms, letters about them, and every attempt
    recording_days: int | None = 90  # recordings with their sound and transcript
    call_days: int | None = 90  # calls and rooms themselves
    audit_days: int | None = 365  # who read, downloaded and deleted what


@dataclass(frozen=True, slots=True)
class Settings:
    """What an account's owner may set. `currency` None: the currency of the face that is used.

    `region` is where the account may be served; None: anywhere. The limits count by the wall's time; None: none.
    """

    number_policy: NumberPolicy = NumberPolicy.OPEN
    currency: str | None = None
    rates: Mapping[str, str] = field(default_factory=dict)
    retry_seconds: tuple[int, ...] = RETRY_SECONDS
    record_calls: bool = False
    consent: Consent | None = None
    seed: str | None = None
    retention: Retention = Retention()
    region: str | None = None
    creations_per_second: int | None = None  # calls that are made, over the API or by a document
    requests_per_second: int | None = None  # everything else that is asked
    settling_ms: int = 0  # how long a new call cannot be changed, on faces that know such


@dataclass(frozen=True, slots=True)
class Account:
    """One tenant: everything else belongs to exactly one. `created_at` is wall time in milliseconds."""

    id: str
    name: str
    created_at: int
    settings: Settings = Settings()


@dataclass(frozen=True, slots=True)
class Key:
    """An API key, without the key itself: only its hash is kept."""

    id: str
    account_id: str
    name: str
    hint: str  # the first characters, so that people can tell their keys apart
    scopes: frozenset[Scope]
    created_at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing secret. While one is being rotated, the old one goes on signing beside the new one."""

    id: str
    value: str
    created_at: int
    retires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number in an account's inventory, and what a call to it runs."""

    account_id: str
    number: str
    friendly_name: str = ""
    voice_url: str | None = None
    voice_method: str = "POST"
    fallback_url: str | None = None
    report_url: str | None = None
    face: str = ""
    application_id: str | None = None
    record: bool = False
    created_at: int = 0
