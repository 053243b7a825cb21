"""The only module that says which fields of calls this API reads and shows."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from telefonie.dialects.vonage import loose
from telefonie.dialects.vonage.answer_schemas import StatusWord
from telefonie.dialects.vonage.endpoints import Caller, Endpoint
from telefonie.dialects.vonage.loose import WHOLE, Flag, Method, OneUrl
from telefonie.web.fields import DIGITS_ONLY, EXTENSION, Absent, FromInstant, ToInstant
from telefonie.web.paging import LAST
from telefonie.web.problems import Detail, Reason, invalid

LIMIT_SECONDS: Final = 7_200
LONGEST_SECONDS: Final = 86_400
RING_SECONDS: Final = 60
LONGEST_RING: Final = 120
CON: Final = "CON-"

MachineWord: TypeAlias = Literal["continue", "hangup"]
_CONVERSATION: Final = re.compile(r"(?:CON-)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")


def _document(value: object) -> object:
    """Only its outline counts here; what stands in it is judged when it is run."""
    if not isinstance(value, list):
        raise PydanticCustomError("list_type", loose.WRONG_TYPE)
    if not all(isinstance(each, dict) for each in value):
        raise PydanticCustomError("actions", "must be an array of objects, each of them an action")
    return value


def _conversation(value: str) -> str:
    found = _CONVERSATION.fullmatch(value)
    if found is None:
        raise PydanticCustomError("conversation", "must be CON- and a UUID")
    return found[1].lower()


Conversation: TypeAlias = Annotated[
    str,
    AfterValidator(_conversation),
    WithJsonSchema({"type": "string", "pattern": f"^{_CONVERSATION.pattern}$"}),
]
Actions: TypeAlias = Annotated[
    list[dict[str, Any]],
    BeforeValidator(_document),
    WithJsonSchema({"type": "array", "items": {"type": "object"}}),
]


class MachineDetection(BaseModel):
    """How it is found out whether a machine has answered."""

    behavior: MachineWord = Field("continue", description="What follows if one has.")
    mode: Literal["default", "detect", "detect_beep"] = Field(
        "detect", description="Whether the document waits for the verdict, and for a machine's beep."
    )
    beep_timeout: Annotated[int, Field(ge=30, le=120), WHOLE] = Field(
        45,
        validation_alias=AliasChoices("beep_timeout", "beepTimeout"),
        description="Seconds to wait for the beep.",
    )


class CallCreation(BaseModel):
    """What is asked for when a call is made."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "to": [{"type": "phone", "number": "447700900000"}],
                    "from": {"type": "phone", "number": "447700900001"},
                    "ncco": [{"action": "talk", "text": "Hello World"}],
                }
            ]
        }
    )

    to: Annotated[list[Endpoint], Field(min_length=1, max_length=1)] = Field(
        description="Who is called: one."
    )
    from_: Caller | Absent = Field(
        None,
        alias="from",
        description="Who calls. Without it, and with `random_from_number`, one of the application's numbers.",
    )
    random_from_number: Flag = Field(
        default=False, description="One of the application's numbers calls.", json_schema_extra=EXTENSION
    )
    ncco: Actions | Absent = Field(None, description="What is done once it is answered.")
    answer_url: OneUrl | Absent = Field(None, description="Asked what is done, if `ncco` does not say it.")
    answer_method: Method = Field("GET", description="How it is asked.")
    event_url: OneUrl | Absent = Field(
        None, description="Told how the call gets on; without it, the application's."
    )
    event_method: Method | Absent = Field(None, description="How it is told: POST, unless said.")
    machine_detection: MachineWord | Absent = Field(None, description="What follows if a machine answers.")
    advanced_machine_detection: MachineDetection | Absent = Field(
        None,
        description="The same in detail; it goes before `machine_detection`.",
        json_schema_extra=EXTENSION,
    )
    advancedMachineDetection: MachineDetection | Absent = Field(
        None, description="As some clients spell it.", json_schema_extra=EXTENSION
    )
    length_timer: Annotated[int, Field(ge=1, le=LONGEST_SECONDS), WHOLE] = Field(
        LIMIT_SECONDS, description="Seconds of talk after which it is ended."
    )
    ringing_timer: Annotated[int, Field(ge=1, le=LONGEST_RING), WHOLE] = Field(
        RING_SECONDS, description="Seconds of ringing after which it is given up."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> CallCreation:
        if self.ncco is None and self.answer_url is None:
            raise invalid(Detail("ncco", "or `answer_url` is required", Reason.MISSING))
        if self.random_from_number and self.from_ is not None:
            raise invalid(Detail("random_from_number", "cannot be used together with `from`"))
        return self


class CallQuery(BaseModel):
    """Which calls to list."""

    status: StatusWord | Absent = Field(None, description="Only calls with this status.")
    date_start: FromInstant | Absent = Field(None, description="Only calls answered at this time or later.")
    date_end: ToInstant | Absent = Field(None, description="Only calls answered at this time or earlier.")
    page_size: Annotated[int, Field(ge=1, le=100, description="Calls on a page."), DIGITS_ONLY] = 10
    record_index: Annotated[int, Field(ge=0, le=LAST, description="Which page, from 0."), DIGITS_ONLY] = 0
    order: Literal["asc", "desc"] = Field("asc", description="The oldest first, or the newest.")
    conversation_uuid: Conversation | Absent = Field(None, description="Only the calls of this conversation.")
