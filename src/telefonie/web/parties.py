"""The only module that says who may call or be called where that need not be a telephone number."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from telefonie.core.addresses import LONGEST
from telefonie.web.fields import dialable

SIP: Final = (
    r"[sS][iI][pP][sS]?:([A-Za-z0-9_.!~*'()&=+$,/%:\-]{1,128}@)?[A-Za-z0-9.\-\[\]:]{1,128}([;?][!-~]*)?"
)
_ADDRESS: Final = re.compile(SIP)


def _reachable(text: str) -> str:
    if _ADDRESS.fullmatch(text):
        return text
    if not text.startswith("+"):
        issue = "must be a phone number in E.164 form, like +31201234567, or a sip: address"
        raise PydanticCustomError("party", issue)
    return dialable(text)


# A telephone number, or a SIP address.
Reachable: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=LONGEST),
    AfterValidator(_reachable),
    WithJsonSchema({"type": "string", "maxLength": LONGEST, "pattern": rf"^(\+[1-9][0-9]{{1,14}}|{SIP})$"}),
]
