"""The only module that says what is said to and of a phone on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from telefonie.core.phones import DEFAULT, Behaviour
from telefonie.core.script_text import A_DAY
from telefonie.simulator import words
from telefonie.simulator.scripts import Script, plain
from telefonie.simulator.words import OutcomeWord
from telefonie.web.fields import Absent, Flag, Text

AN_HOUR: Final = 3_600

_RINGING: Final = Field(strict=True, ge=0, le=AN_HOUR, allow_inf_nan=False)
_TALKING: Final = Field(strict=True, ge=0, le=A_DAY, allow_inf_nan=False)
_EXAMPLE: Final[dict[str, Any]] = {
    "outcome": "human",
    "answers_after": 1.5,
    "greeting": "Hello, this is Kim.",
    "script": [{"wait": 2}, {"press": "1"}, {"when_heard": "goodbye", "steps": [{"hangup": True}]}],
}


class PhoneCharacter(BaseModel):
    """How the far end at a number behaves. Times are seconds, kept to the millisecond."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    outcome: OutcomeWord = Field(
        OutcomeWord.HUMAN,
        description="What comes of ringing there; with `failed` it never rings, with all others first.",
    )
    rings_after: Annotated[float, _RINGING] = Field(
        DEFAULT.rings_after / 1000, description="From creation to ringing."
    )
    answers_after: Annotated[float, _RINGING] = Field(
        DEFAULT.answers_after / 1000, description="From ringing to the outcome."
    )
    greeting: Annotated[Text, Field(max_length=1000)] | Absent = Field(
        None, description="What is said on answering; what people or machines say when left out."
    )
    beep: Flag = Field(DEFAULT.beep, description="Whether a machine beeps after its greeting.")
    hangs_up_after: Annotated[float, _TALKING] | Absent = Field(
        None,
        description="From the answer to its hanging up; by its script, or after 10 s, when left out.",
    )
    consents: Flag = Field(DEFAULT.consents, description="Whether the far end agrees to being recorded.")
    script: Script = Field(
        default_factory=list,
        description="What the far end does once it has answered: at most 200 steps, nested 5 deep.",
    )

    def behaviour(self) -> Behaviour:
        """The same in the words of the rules."""
        return Behaviour(
            outcome=words.OUTCOME_OF[self.outcome],
            rings_after=_ms(self.rings_after),
            answers_after=_ms(self.answers_after),
            greeting=self.greeting,
            beep=self.beep,
            hangs_up_after=None if self.hangs_up_after is None else _ms(self.hangs_up_after),
            consents=self.consents,
            script=plain(self.script),
        )


class Phone(PhoneCharacter):
    """A phone and how it behaves."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": "+12125550120", "reserved": True, "custom": False, **_EXAMPLE}]
        }
    )

    number: str = Field(description="In international form; or a sip:, client: or app: address.")
    reserved: bool = Field(description="Whether this number behaves in a special way without any set-up.")
    custom: bool = Field(description="Whether it was given its character by `PUT`.")


class PhoneList(BaseModel):
    """The phones that were given a character, by number."""

    phones: list[Phone]
    total: int
    page: int
    page_size: int


def _ms(seconds: float) -> int:
    return round(1000 * seconds)
