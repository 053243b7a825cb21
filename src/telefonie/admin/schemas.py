"""The only module that says what is said to and of accounts, keys and secrets on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from telefonie.admin.settings_schemas import Seed, SettingsGiven, SettingsShown
from telefonie.core.accounts import Scope
from telefonie.core.clocks import Mode
from telefonie.web.fields import Absent, ClockTime, Text, WholeNumber

DEFAULT_NAME: Final = "Account"
OVERLAP: Final = 86_400
LONGEST_OVERLAP: Final = 31_536_000
SLOWEST: Final = 0.001
FASTEST: Final = 1_000.0

_ID: Final = "3f2b8c52-6a57-4c0e-9f0b-0a6c3e1f7d21"
_WHEN: Final = "2030-01-01T09:00:00.000Z"
_SCOPES: Final = (
    "What the key may do: `voice` calls and numbers, `simulator` the simulator, `read` reading only."
)
_ACCOUNT: Final[dict[str, Any]] = {
    "id": _ID,
    "name": "one test",
    "created_at": _WHEN,
    "settings": {
        "number_policy": "open",
        "rates": {},
        "record_calls": False,
        "callback_retry_seconds": [1, 5, 30, 120, 600],
        "retention": {"timeline_days": 30, "recording_days": 90, "call_days": 90, "audit_days": 365},
        "settling_ms": 0,
    },
}
_KEY: Final[dict[str, Any]] = {
    "id": _ID,
    "name": "dashboard",
    "hint": "tk_4fGh1",
    "scopes": ["read"],
    "created_at": _WHEN,
}
_SECRET: Final[dict[str, Any]] = {"id": _ID, "hint": "whsec_MfKQ...", "created_at": _WHEN}

Name = Annotated[Text, Field(min_length=1, max_length=100)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class ClockGiven(BaseModel):
    """The clock that a new account lives by."""

    model_config = ConfigDict(extra="allow")

    mode: Mode = Field(Mode.REALTIME, description="`realtime`, `auto` or `manual`.")
    speed: Annotated[float, Field(strict=True, ge=SLOWEST, le=FASTEST, allow_inf_nan=False)] = Field(
        1.0, description="Seconds of the account for each second of the wall, in `realtime`."
    )
    now: ClockTime | Absent = Field(None, description="Its time at the beginning; the wall's when left out.")


_SEED_TWICE: Final[dict[str, Any]] = {
    "required": ["seed", "settings"],
    "properties": {
        "settings": {"type": "object", "required": ["seed"], "properties": {"seed": {"type": "string"}}}
    },
}


class NewAccount(BaseModel):
    """An account to make; everything may be left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "one test", "clock": {"mode": "manual"}, "seed": "7"}],
            "not": _SEED_TWICE,
        }
    )

    name: Name = Field(DEFAULT_NAME, description="For people.")
    settings: SettingsGiven | None = Field(None, description="As they are by default, except for these.")
    clock: ClockGiven | None = Field(None, description="Of the wall's time when left out.")
    seed: Seed | Absent = Field(None, description="Short for `settings.seed`.")
    scopes: Scopes | Absent = Field(None, description=_SCOPES + " All of them when left out.")


class AccountChange(BaseModel):
    """What shall be different; null sets a field back to its default, what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"settings": {"number_policy": "owned"}}]})

    name: Name | None = Field(None, description="For people.")
    settings: SettingsGiven | None = None


class Account(BaseModel):
    """An account and how it is set."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ACCOUNT]})

    id: str
    name: str
    created_at: Time
    settings: SettingsShown


class MadeAccount(Account):
    """A new account with its first key and its secret, which are never shown again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_ACCOUNT, "api_key": "tk_4fGh1...", "webhook_secret": "whsec_MfKQ..."}]
        }
    )

    api_key: str = Field(description="Send it as `X-API-Key`. Only its hash is kept.")
    webhook_secret: str = Field(description="Verify the events' signatures with it.")


class AccountList(BaseModel):
    """Accounts, newest first."""

    accounts: list[Account]
    total: int
    page: int
    page_size: int


class NewKey(BaseModel):
    """A key to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "dashboard", "scopes": ["read"]}]})

    name: Name = Field("Key", description="For people.")
    scopes: Scopes | Absent = Field(None, description=_SCOPES + " All of them when left out.")


class Key(BaseModel):
    """A key, without the key itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})

    id: str
    name: str
    hint: str = Field(description="How the key begins, to tell keys apart.")
    scopes: list[Scope]
    created_at: Time
    revoked_at: Time | Absent = Field(None, description="Since when it does not work any more.")


class MadeKey(Key):
    """A new key, which is never shown again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_KEY, "key": "tk_4fGh1..."}]})

    key: str = Field(description="Send it as `X-API-Key`. Only its hash is kept.")


class KeyList(BaseModel):
    """An account's keys, newest first, revoked ones too."""

    keys: list[Key]
    total: int
    page: int
    page_size: int


class Rotation(BaseModel):
    """How to change over to a new secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_seconds": 3600}]})

    overlap_seconds: Annotated[WholeNumber, Field(ge=0, le=LONGEST_OVERLAP)] = Field(
        OVERLAP, description="How long the old secret goes on signing beside the new one."
    )


class Secret(BaseModel):
    """A signing secret, masked."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SECRET]})

    id: str
    hint: str = Field(description="How it begins, to tell secrets apart.")
    created_at: Time
    retires_at: Time | Absent = Field(None, description="When it stops signing, or stopped.")


class MadeSecret(Secret):
    """A new secret, which is never shown again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_SECRET, "secret": "whsec_MfKQ..."}]})

    secret: str = Field(description="Verify the events' signatures with it.")


class SecretList(BaseModel):
    """An account's secrets, newest first, retired ones too."""

    secrets: list[Secret]
    total: int
    page: int
    page_size: int
