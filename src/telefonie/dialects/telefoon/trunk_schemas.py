"""The only module that says which fields of SIP trunks this API reads and shows."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from telefonie.core.trunks import network
from telefonie.web.fields import Absent, Text

MOST_NETWORKS: Final = 50
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
_PART: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_V4: Final = rf"(?:{_PART}\.){{3}}{_PART}(?:/(?:3[0-2]|[12]?[0-9]))?"
_V6: Final = r"(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?"


def _network(text: str) -> str:
    found = network(text)
    if found is None:
        raise PydanticCustomError("network", "must be an IP address or a block of them, like 203.0.113.0/24")
    return found


Network: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_network),
    WithJsonSchema({"type": "string", "pattern": f"^({_V4}|{_V6})$"}),
]
Domain: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=128, pattern=rf"^{_LABEL}(?:\.{_LABEL}){{1,3}}$"),
    AfterValidator(str.lower),
]
Name: TypeAlias = Annotated[Text, Field(max_length=100)]
StatusWord: TypeAlias = Literal["active", "disabled"]

_NAME: Final = "For people."
_DOMAIN: Final = (
    "Calls to and from `sip:` addresses of this domain go through the trunk; no other may have it."
)
_CREDENTIALS: Final = "By what the other side proves who it is. The password is never shown again."
_ALLOWED: Final = "Addresses, or blocks of them, from which calls may come; from anywhere when empty."
_STATUS: Final = "Through a trunk that is `disabled` no call goes out or comes in."
_EXAMPLE: Final[dict[str, Any]] = {
    "domain": "pbx.example.com",
    "friendly_name": "Head office",
    "credentials": {"username": "office", "password": "correct horse battery staple"},
    "allowed_addresses": ["203.0.113.0/24"],
}


class Credentials(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, StringConstraints(pattern=r"^[!-9;-~]{1,64}$")]
    password: Annotated[Text, Field(min_length=1, max_length=256)]


class TrunkCreation(BaseModel):
    """A trunk to set up."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    domain: Domain = Field(description=_DOMAIN)
    friendly_name: Name = Field("", description=_NAME)
    credentials: Credentials | Absent = Field(None, description=_CREDENTIALS)
    allowed_addresses: Annotated[list[Network], Field(max_length=MOST_NETWORKS)] = Field(
        default=[], description=_ALLOWED
    )
    status: StatusWord = Field("active", description=_STATUS)


class TrunkChange(BaseModel):
    """What shall be different; null sets a field back to its default, what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "disabled"}]})

    friendly_name: Name | None = Field(None, description=_NAME)
    credentials: Credentials | None = Field(None, description=_CREDENTIALS)
    allowed_addresses: Annotated[list[Network], Field(max_length=MOST_NETWORKS)] | None = Field(
        None, description=_ALLOWED
    )
    status: StatusWord | None = Field(None, description=_STATUS)


class CredentialsShown(BaseModel):
    """A name; of the password only that there is one."""

    username: str


class Trunk(BaseModel):
    """A SIP trunk; what is not set is left out."""

    id: str = Field(json_schema_extra={"format": "uuid"})
    domain: str = Field(description=_DOMAIN)
    friendly_name: str = Field(description=_NAME)
    credentials: CredentialsShown | Absent = Field(None, description=_CREDENTIALS)
    allowed_addresses: list[str] = Field(description=_ALLOWED)
    status: StatusWord = Field(description=_STATUS)
    created_at: str = Field(description="When it was set up.", json_schema_extra={"format": "date-time"})


class TrunkList(BaseModel):
    """A page of trunks, newest first."""

    trunks: list[Trunk]
    total: int = Field(ge=0)
    page: int = Field(ge=1)
    page_size: int = Field(ge=1)
