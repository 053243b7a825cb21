"""The only module that says what is said to and of a call on the simulator's wire; its timeline stands apart."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from telefonie.core.call import Cause, Direction, EndedBy
from telefonie.core.commands import Refusal
from telefonie.core.phones import Heard
from telefonie.simulator.clock_schemas import Time
from telefonie.simulator.phone_schemas import PhoneCharacter
from telefonie.simulator.scripts import Keys, Script, Share, Tongue
from telefonie.simulator.words import DetectionWord, PlanWord, StatusWord
from telefonie.web.fields import Absent, Flag, Text
from telefonie.web.paging import Paging

_ID: Final = "7a1f2f30-6f0c-4f6e-8d6e-2f8f0a4c9a11"
_CALL: Final[dict[str, Any]] = {
    "id": _ID,
    "face": "telefonie",
    "direction": "outbound",
    "from": "+31201234567",
    "to": "+12125550100",
    "status": "ringing",
    "created_at": "2030-01-01T09:00:00.000Z",
    "rang_at": "2030-01-01T09:00:01.000Z",
    "timers": [
        {"due": "2030-01-01T09:00:03.000Z", "plan": "answer", "guard": False},
        {"due": "2030-01-01T09:00:31.000Z", "plan": "ring_timeout", "guard": False},
    ],
    "next_due": "2030-01-01T09:00:03.000Z",
    "rate": "0.0140",
    "currency": "USD",
    "ring_timeout": 30.0,
    "time_limit": 14400.0,
    "record": False,
    "language": "en-US",
    "muted": False,
    "held": False,
    "away": False,
    "phone": {
        "outcome": "human",
        "rings_after": 1.0,
        "answers_after": 2.0,
        "beep": False,
        "consents": True,
        "script": [],
    },
}


class CallFilter(Paging):
    """Which calls to list."""

    status: StatusWord | Absent = Field(None, description="In this state only.")
    direction: Direction | Absent = Field(None, description="Only those that came in, or went out.")
    from_: Annotated[Text, Field(max_length=255)] | Absent = Field(
        None, alias="from", description="From this number only, spelled as the call has it."
    )
    to: Annotated[Text, Field(max_length=255)] | Absent = Field(
        None, description="To this number only, spelled as the call has it."
    )
    face: Annotated[Text, Field(max_length=64)] | Absent = Field(None, description="Made on this API only.")
    parent_call_id: Annotated[Text, Field(max_length=64)] | Absent = Field(
        None, description="Only the legs that this call has dialed."
    )


class Timer(BaseModel):
    """Something planned for a call."""

    due: Time
    plan: PlanWord
    guard: bool = Field(description="A guard runs when its time has passed, but nobody waits for it.")


class Target(BaseModel):
    """Where a document is asked for."""

    url: str
    method: str


class Call(BaseModel):
    """A call as it stands, whichever API it was made on; what is not known is left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CALL]})

    id: str
    face: str = Field(description="The API on which it was made.")
    direction: Direction
    parent_call_id: str | Absent = Field(None, description="The call that dialed this one as a leg.")
    from_: str = Field(alias="from")
    to: str
    status: StatusWord
    cause: Cause | Absent = Field(None, description="Why it ended.")
    ended_by: EndedBy | Absent = Field(None, description="Who ended it.")
    heard: Heard | Absent = Field(None, description="What answering-machine detection made of the far end.")
    created_at: Time
    rang_at: Time | Absent = None
    answered_at: Time | Absent = None
    ended_at: Time | Absent = None
    timers: list[Timer] = Field(description="What is planned for it.")
    next_due: Time | Absent = Field(
        None, description="When the next thing happens to it that somebody awaits."
    )
    rate: str = Field(description="For each minute begun.")
    currency: str
    duration: int | Absent = Field(None, description="Seconds of talk, once it has ended.")
    price: str | Absent = Field(
        None, description="Negative for a charge, once it has ended and was answered."
    )
    url: str | Absent = Field(None, description="Where its document is asked for.")
    method: str | Absent = None
    document: str | Absent = Field(
        None, description="The document that was handed in; then none is asked for."
    )
    fallback_url: str | Absent = None
    status_callback: str | Absent = None
    ring_timeout: float = Field(description="Seconds of ringing before it is given up.")
    time_limit: float = Field(description="Seconds of talk before it is ended.")
    record: bool
    language: str = Field(description="Of documents that name none.")
    muted: bool = Field(description="Whether nobody hears the far end.")
    held: bool = Field(description="Whether the far end hears music and nothing else.")
    away: bool = Field(description="Whether the far end itself has put the line on hold.")
    machine_detection: DetectionWord | Absent = None
    machine_detection_async: bool | Absent = Field(
        None, description="Whether the document is asked for without waiting for the verdict."
    )
    machine_detection_callback: str | Absent = Field(None, description="Where the verdict is told.")
    send_digits: str | Absent = None
    trunk_id: str | Absent = Field(None, description="The SIP trunk that it goes through.")
    sip_headers: dict[str, str] | Absent = Field(None, description="As they came with the call.")
    metadata: dict[str, str] | Absent = None
    ignored_fields: list[str] | Absent = Field(None, description="Fields of its creation that nobody knew.")
    redirected_to: Target | Absent = None
    phone: PhoneCharacter = Field(description="How the far end behaves in this call.")


class CallList(BaseModel):
    """Calls, newest first."""

    calls: list[Call]
    total: int
    page: int
    page_size: int


_ACTS: Final = ("answer", "reject", "press", "say", "hold", "hangup")


class Act(BaseModel):
    """Be the far end, once: exactly one of answer, reject, press, say, hold, hangup."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"answer": True},
                {"reject": "busy"},
                {"press": "12#"},
                {"say": "I'd like a table for two", "confidence": 0.8},
                {"hold": True},
                {"hangup": True},
            ],
            "oneOf": [{"required": [each]} for each in _ACTS],
            "dependentRequired": {"language": ["say"], "confidence": ["say"]},
        }
    )

    answer: Literal[True] | Absent = Field(
        None, description="Pick up the ringing phone; of a call that came in, on the side that was called."
    )
    reject: Refusal | Absent = Field(None, description="Turn the ringing call down.")
    press: Keys | Absent = Field(
        None, description="Press these keys, each with a tone of 100 ms and 100 ms of silence after it."
    )
    say: Annotated[Text, Field(min_length=1)] | Absent = Field(
        None, description="Say this, as soon as the mouth is free."
    )
    language: Tongue | Absent = Field(None, description="Of what is said; en-US when left out.")
    confidence: Share | Absent = Field(
        None, description="How sure a recogniser will be of what is said; 0.9 when left out."
    )
    hold: Flag | Absent = Field(None, description="Put the line on hold, or take it back.")
    hangup: Literal[True] | Absent = Field(
        None,
        description="Put the phone down, once it was answered; who calls in may also give up while it rings.",
    )

    @model_validator(mode="after")
    def _one(self) -> Act:
        if sum(getattr(self, each) is not None for each in _ACTS) != 1:
            raise PydanticCustomError("one_of", "must say exactly one of {acts}", {"acts": ", ".join(_ACTS)})
        if self.say is None and (self.language is not None or self.confidence is not None):
            raise PydanticCustomError("beside", "may have language and confidence only beside say")
        return self


class ScriptChange(BaseModel):
    """What the far end of one call shall do, from the answer on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"script": [{"wait": 2}, {"press": "1"}]}]})

    script: Script = Field(description="Takes the place of the whole script of its phone; may be empty.")
