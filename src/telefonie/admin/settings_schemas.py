"""The only module that says how an account's settings look on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from telefonie.core.accounts import Consent, NumberPolicy, Retention, Settings
from telefonie.web.fields import Absent, Flag, Text, WholeNumber

MOST_RATES: Final = 500
MOST_RETRIES: Final = 10
MOST_PER_SECOND: Final = 100_000
LONGEST_SETTLING: Final = 10_000
A_DAY: Final = 86_400
A_CENTURY: Final = 36_500

_PREFIX: Final = r"^(?:default|\+[1-9][0-9]{0,14}|sips?:|client:|app:)$"
_RATE: Final = r"^[0-9]{1,6}(?:\.[0-9]{1,4})?$"
_CURRENCY: Final = r"^[A-Z]{3}$"
_REGION: Final = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$"

Prefix = Annotated[str, StringConstraints(strict=True, pattern=_PREFIX)]
Rate = Annotated[str, StringConstraints(strict=True, pattern=_RATE)]
Currency = Annotated[str, StringConstraints(strict=True, pattern=_CURRENCY)]
Rates = Annotated[
    dict[Prefix, Rate], Field(max_length=MOST_RATES, json_schema_extra={"additionalProperties": False})
]
RetrySeconds = Annotated[list[Annotated[WholeNumber, Field(ge=0, le=A_DAY)]], Field(max_length=MOST_RETRIES)]
Days = Annotated[WholeNumber, Field(ge=1, le=A_CENTURY)]
# Null has a meaning here, so it stands in the document, too.
_DAYS: Final = {"type": ["integer", "null"], "minimum": 1, "maximum": A_CENTURY}
DaysShown = Annotated[int | None, WithJsonSchema(_DAYS)]
Region = Annotated[str, StringConstraints(strict=True, pattern=_REGION)]
PerSecond = Annotated[WholeNumber, Field(ge=1, le=MOST_PER_SECOND)]
SettlingMs = Annotated[WholeNumber, Field(ge=0, le=LONGEST_SETTLING)]
Seed = Annotated[Text, Field(min_length=1, max_length=200)]

_POLICY: Final = (
    "Whose numbers may stand as the caller: any (`open`), or only those in the inventory (`owned`)."
)
_MONEY: Final = "Three letters of ISO 4217; the currency of the face that is used when left out."
_RATES: Final = (
    "Price of a minute by the beginning of the number (or `default`); the built-in table when empty."
)
_RECORD: Final = "Whether every call is recorded."
_CONSENT: Final = "What comes before a recording; unset: `announce` on Telefoon, `never` elsewhere."
_RETRIES: Final = "When an event that could not be delivered is sent again: seconds after each attempt."
_SEED: Final = "Makes ids the same from run to run."
_RETENTION: Final = "For how many days what is over is kept, by the account's clock."
_REGION_SAYS: Final = "The only region in which the account is served; any when left out."
_CREATIONS: Final = (
    "Calls that may be made in a second of the wall's time, over an API or by a document; any when unset."
)
_REQUESTS: Final = "Other requests that the APIs take in a second of the wall's time; any when unset."
_SETTLING: Final = (
    "Milliseconds for which a new call cannot be changed, on APIs whose clouds take a while to know it."
)
_TIMELINES: Final = "Journals of calls and rooms, deliveries and their attempts; null: for ever."
_RECORDINGS: Final = "Recordings with their sound and transcript; null: for ever."
_CALLS: Final = "Calls and conferences themselves; null: for ever."
_AUDITS: Final = "The audit trail, by the wall's time; null: for ever."


class RetentionGiven(BaseModel):
    """What shall be different; null keeps for ever, what is left out stays."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"recording_days": 30}]})

    timeline_days: Days | None = Field(30, description=_TIMELINES)
    recording_days: Days | None = Field(90, description=_RECORDINGS)
    call_days: Days | None = Field(90, description=_CALLS)
    audit_days: Days | None = Field(365, description=_AUDITS)

    def over(self, present: Retention) -> Retention:
        """The present rules with what was given in their place."""
        given = self.model_fields_set & RetentionGiven.model_fields.keys()
        return replace(present, **{name: getattr(self, name) for name in given})


class RetentionShown(BaseModel):
    """For how many days what is over is kept; null: for ever."""

    timeline_days: DaysShown = Field(description=_TIMELINES)
    recording_days: DaysShown = Field(description=_RECORDINGS)
    call_days: DaysShown = Field(description=_CALLS)
    audit_days: DaysShown = Field(description=_AUDITS)


class SettingsGiven(BaseModel):
    """Settings to make or change; null sets one back to its default."""

    model_config = ConfigDict(
        extra="allow",  # so that unknown ones can be named
        json_schema_extra={
            "examples": [{"number_policy": "owned", "rates": {"default": "0.0500", "+31": "0.0200"}}]
        },
    )

    number_policy: NumberPolicy | None = Field(None, description=_POLICY)
    currency: Currency | None = Field(None, description=_MONEY)
    rates: Rates | None = Field(None, description=_RATES)
    record_calls: Flag | None = Field(None, description=_RECORD)
    consent: Consent | None = Field(None, description=_CONSENT)
    callback_retry_seconds: RetrySeconds | None = Field(None, description=_RETRIES)
    seed: Seed | None = Field(None, description=_SEED)
    retention: RetentionGiven | None = Field(None, description=_RETENTION)
    region: Region | None = Field(None, description=_REGION_SAYS)
    creations_per_second: PerSecond | None = Field(None, description=_CREATIONS)
    requests_per_second: PerSecond | None = Field(None, description=_REQUESTS)
    settling_ms: SettlingMs | None = Field(0, description=_SETTLING)

    def over(self, present: Settings) -> Settings:
        """The present settings with what was given in their place."""
        changes: dict[str, Any] = {}
        for name in self.model_fields_set & _FIELDS.keys():
            value = getattr(self, name)
            changes[_FIELDS[name]] = getattr(_DEFAULT, _FIELDS[name]) if value is None else _plain(value)
        if "retention" in self.model_fields_set:
            given = self.retention
            changes["retention"] = Retention() if given is None else given.over(present.retention)
        return replace(present, **changes)


class SettingsShown(BaseModel):
    """How an account is set."""

    number_policy: NumberPolicy = Field(description=_POLICY)
    currency: Currency | Absent = Field(None, description=_MONEY)
    rates: Rates = Field(description=_RATES)
    record_calls: bool = Field(description=_RECORD)
    consent: Consent | Absent = Field(None, description=_CONSENT)
    callback_retry_seconds: RetrySeconds = Field(description=_RETRIES)
    seed: Seed | Absent = Field(None, description=_SEED)
    retention: RetentionShown = Field(description=_RETENTION)
    region: Region | Absent = Field(None, description=_REGION_SAYS)
    creations_per_second: PerSecond | Absent = Field(None, description=_CREATIONS)
    requests_per_second: PerSecond | Absent = Field(None, description=_REQUESTS)
    settling_ms: SettlingMs = Field(description=_SETTLING)


_DEFAULT: Final = Settings()
# Names on the wire, and those of the rules.
_FIELDS: Final[Mapping[str, str]] = {
    "number_policy": "number_policy",
    "currency": "currency",
    "rates": "rates",
    "record_calls": "record_calls",
    "consent": "consent",
    "callback_retry_seconds": "retry_seconds",
    "seed": "seed",
    "region": "region",
    "creations_per_second": "creations_per_second",
    "requests_per_second": "requests_per_second",
    "settling_ms": "settling_ms",
}


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def worded(settings: Settings) -> dict[str, object]:
    """Settings on the wire; what is not set is left out."""
    shown: dict[str, object] = {}
    for name, field in _FIELDS.items():
        value = getattr(settings, field)
        if value is not None:
            shown[name] = list(value) if isinstance(value, tuple) else value
    return shown | {"rates": dict(settings.rates), "retention": asdict(settings.retention)}
