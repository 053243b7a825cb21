"""The only module that says how lists are cut into pages."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, Field

from telefonie.web.fields import DIGITS_ONLY, EXTENSION, Absent

SIZE: Final = 50
MOST: Final = 100
MOST_AT_ONCE: Final = 1_000  # of a list whose contract knows no pages
LAST: Final = 2**31 // MOST  # no store is asked for rows beyond it


class Paging(BaseModel):
    """The query of every list."""

    page: Annotated[int, Field(ge=1, le=LAST, description="Page number, from 1."), DIGITS_ONLY] = 1
    page_size: Annotated[int, Field(ge=1, le=MOST, description="Entries on a page."), DIGITS_ONLY] = SIZE


class MaybePaging(BaseModel):
    """The query of a list that its contract does not cut: it comes at once, unless pages are asked for."""

    page: Annotated[int, Field(ge=1, le=LAST), DIGITS_ONLY] | Absent = Field(
        None, description="Page number, from 1.", json_schema_extra=EXTENSION
    )
    page_size: Annotated[int, Field(ge=1, le=MOST), DIGITS_ONLY] | Absent = Field(
        None,
        description=f"Entries on a page, {SIZE} unless said; without `page` and `page_size` all come at once, "
        f"{MOST_AT_ONCE:,} at most.",
        json_schema_extra=EXTENSION,
    )

    @property
    def cut(self) -> tuple[int, int]:
        """Which page, and how much it holds."""
        if self.page is None and self.page_size is None:
            return 1, MOST_AT_ONCE
        return self.page or 1, self.page_size or SIZE
