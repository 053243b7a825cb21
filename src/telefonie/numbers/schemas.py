"""The only module that says what is said to and of a number on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from telefonie.web.fields import Absent, Dialable, Flag, Text, WebUrl

_URL: Final = "Where a call to this number asks for its document."
_METHOD: Final = "How it asks."
_FALLBACK: Final = "Where it asks when that fails."
_CALLBACK: Final = "Where the events of calls to this number are sent."
_DIALECT: Final = (
    "In which API's words requests about calls to this number are made; that API shows the calls."
)
_APPLICATION: Final = (
    "The application of the account that the number belongs to: its hooks lead the calls then, and `voice_url`,"
    " `fallback_url` and `status_callback` rest."
)
_RECORD: Final = "Whether calls to this number are recorded."
_NAME: Final = "For people."

FriendlyName = Annotated[Text, Field(max_length=100)]
ApplicationId = Annotated[Text, Field(min_length=1, max_length=64)]
Method = Literal["GET", "POST"]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]

_EXAMPLE: Final[dict[str, Any]] = {
    "number": "+31201234567",
    "friendly_name": "Front desk",
    "voice_url": "https://example.com/voice",
    "voice_method": "POST",
    "record": False,
}


class NewNumber(BaseModel):
    """A number to add to the inventory."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    number: Dialable = Field(description="In international form, with its plus.")
    friendly_name: FriendlyName = Field("", description=_NAME)
    voice_url: WebUrl | Absent = Field(None, description=_URL)
    voice_method: Method = Field("POST", description=_METHOD)
    fallback_url: WebUrl | Absent = Field(None, description=_FALLBACK)
    status_callback: WebUrl | Absent = Field(None, description=_CALLBACK)
    dialect: str
    application_id: ApplicationId | Absent = Field(None, description=_APPLICATION)
    record: Flag = Field(default=False, description=_RECORD)


class NumberChange(BaseModel):
    """What shall be different; null sets a field back to its default, what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"voice_url": "https://example.com/other"}]})

    friendly_name: FriendlyName | None = Field(None, description=_NAME)
    voice_url: WebUrl | None = Field(None, description=_URL)
    voice_method: Method | None = Field(None, description=_METHOD)
    fallback_url: WebUrl | None = Field(None, description=_FALLBACK)
    status_callback: WebUrl | None = Field(None, description=_CALLBACK)
    dialect: str | None
    application_id: ApplicationId | None = Field(None, description=_APPLICATION)
    record: Flag | None = Field(None, description=_RECORD)


class Number(BaseModel):
    """A number of the inventory; what is not set is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_EXAMPLE, "dialect": "telefonie", "created_at": "2030-01-01T09:00:00.000Z"}]
        }
    )

    number: str
    friendly_name: str = Field(description=_NAME)
    voice_url: str | Absent = Field(None, description=_URL)
    voice_method: Method = Field(description=_METHOD)
    fallback_url: str | Absent = Field(None, description=_FALLBACK)
    status_callback: str | Absent = Field(None, description=_CALLBACK)
    dialect: str = Field(description=_DIALECT)
    application_id: str | Absent = Field(None, description=_APPLICATION)
    record: bool = Field(description=_RECORD)
    created_at: Time


class NumberList(BaseModel):
    """Numbers, newest first."""

    numbers: list[Number]
    total: int
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """The bodies of a server that speaks these dialects; the first is the default."""

    dialects: tuple[str, ...]
    new: type[NewNumber]
    change: type[NumberChange]


def shapes(faces: Sequence[str]) -> Shapes:
    """Bodies whose `dialect` is one of the faces that this server has."""
    names = tuple(faces)
    listed = ", ".join(names)

    def known(name: str) -> str:
        if name not in names:
            raise PydanticCustomError("dialect", "must be one of: {listed}", {"listed": listed})
        return name

    dialect = Annotated[str, AfterValidator(known), WithJsonSchema({"type": "string", "enum": list(names)})]
    new = create_model(
        "NewNumber", __base__=NewNumber, dialect=(dialect, Field(names[0], description=_DIALECT))
    )
    change = create_model(
        "NumberChange", __base__=NumberChange, dialect=(dialect | None, Field(None, description=_DIALECT))
    )
    return Shapes(names, new, change)
