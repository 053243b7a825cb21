"""The only module that says what is said of somebody who calls one of the account's numbers."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from telefonie.core.addresses import LONGEST
from telefonie.simulator.scripts import Script, Tongue
from telefonie.web.fields import Absent, Text, dialable
from telefonie.web.parties import SIP, Reachable

WITHHELD: Final = "+266696687"  # the keys of ANONYMOUS: what carriers show for a caller who is not shown
_CLIENT: Final = r"[cC][lL][iI][eE][nN][tT]:[A-Za-z0-9_.@+\-]{1,128}"
_ADDRESS: Final = re.compile(f"{SIP}|{_CLIENT}")
_SPELLING: Final = "must be a number in E.164 form, like +31201234567, or a sip: or client: address"


def _party(text: str) -> str:
    if _ADDRESS.fullmatch(text):
        return text
    if not text.startswith("+"):
        raise PydanticCustomError("party", _SPELLING)
    return dialable(text)


Party = Annotated[
    str,
    StringConstraints(max_length=LONGEST),
    AfterValidator(_party),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": LONGEST,
            "pattern": rf"^(\+[1-9][0-9]{{1,14}}|{SIP}|{_CLIENT})$",
        }
    ),
]
Metadata = Annotated[
    dict[
        Annotated[Text, StringConstraints(min_length=1, max_length=40)],
        Annotated[Text, StringConstraints(max_length=500)],
    ],
    Field(max_length=20),
]


_HEADER: Final = r"^([xX]-[A-Za-z0-9-]{1,62}|[uU]ser-[tT]o-[uU]ser)$"
_PART: Final = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
Headers = Annotated[
    dict[
        Annotated[str, StringConstraints(pattern=_HEADER)],
        Annotated[str, StringConstraints(max_length=500, pattern=r"^[ -~]*$")],
    ],
    Field(max_length=20, json_schema_extra={"additionalProperties": False}),
]


def _ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise PydanticCustomError("ip", "must be an IP address") from None


Source = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_ip),
    WithJsonSchema(
        {"type": "string", "pattern": rf"^({_PART}\.){{3}}{_PART}$|^([0-9a-f]{{1,4}}:){{7}}[0-9a-f]{{1,4}}$"}
    ),
]


class InboundCall(BaseModel):
    """Somebody calls a number; the inventory says what happens then."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from": "+12125550100",
                    "to": "+31201234567",
                    "script": [{"when_heard": "press 1", "steps": [{"press": "1"}]}],
                }
            ]
        }
    )

    from_: Party = Field(
        alias="from",
        description="Who calls: a number, or a sip: or client: address. How they behave is set at `/phones`.",
    )
    to: Reachable = Field(
        description="The number that they call. One that is not in the inventory is not in service: the call"
        " is `failed` at once, and only the simulator shows it. Or `sip:NUMBER@DOMAIN`, through a SIP trunk."
    )
    caller_id: Literal["shown", "withheld"] = Field(
        "shown", description=f"Withheld, the call comes from {WITHHELD}, as carriers have it."
    )
    script: Script | Absent = Field(
        None,
        description="What the caller does, from the answer on, instead of what their phone is set up to do;"
        " the rest of its character stays.",
    )
    language: Tongue = Field("en-US", description="Of documents that name none.")
    metadata: Metadata | Absent = Field(None, description="Your own notes on the call.")
    trunk: Annotated[Text, Field(min_length=1, max_length=64)] | Absent = Field(
        None, description="The id of the SIP trunk that they call through, if the addresses do not tell it."
    )
    source_address: Source | Absent = Field(
        None, description="The IP address from which the trunk is called; one that is allowed unless set."
    )
    headers: Headers | Absent = Field(
        None,
        description="Headers of the SIP request that begin with X-; requests for documents carry them on.",
    )
