"""The only module that chooses a number for a call that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.web.problems import Detail, Reason, invalid

if TYPE_CHECKING:
    from telefonie.engine.applications import Known
    from telefonie.engine.house import Engine

_PAGE: Final = 1_000


async def first_of(engine: Engine, known: Known) -> str:
    """The least of the application's numbers: whoever asks twice gets the same."""
    mine: list[str] = []
    page, total = 1, 1
    while (page - 1) * _PAGE < total:
        found, total = await engine.registry.numbers(known.account.id, page, _PAGE)
        mine += [each.number for each in found if each.application_id == known.application.id]
        page += 1
    if not mine:
        raise invalid(Detail("from", "is required, since the application has no number", Reason.MISSING))
    return min(mine)
