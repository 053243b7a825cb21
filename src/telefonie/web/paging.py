"""The only module that says how lists are cut into pages."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, Field

from telefonie.web.fields import DIGITS_ONLY

SIZE: Final = 50
MOST: Final = 100
LAST: Final = 2**31 // MOST  # no store is asked for rows beyond it


class Paging(BaseModel):
    """The query of every list."""

    page: Annotated[int, Field(ge=1, le=LAST, description="Page number, from 1."), DIGITS_ONLY] = 1
    page_size: Annotated[int, Field(ge=1, le=MOST, description="Entries on a page."), DIGITS_ONLY] = SIZE
