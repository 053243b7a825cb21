"""The only module that asks a face how a letter with manners of its own is carried now."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from telefonie.core.derive import derived
from telefonie.engine.ports import Carriage, Carrier, Faces, Role

if TYPE_CHECKING:
    from telefonie.engine.applications import Applications
    from telefonie.engine.post import Packed
    from telefonie.store.claims import Held


class Manners:
    """The manners of all faces. An application is looked up for each attempt: it may have changed meanwhile."""

    def __init__(
        self, faces: Faces, applications: Applications, wall: Callable[[], float] = time.time
    ) -> None:
        self._carriers = {name: face for name, face in faces.items() if isinstance(face, Carrier)}
        self._applications = applications
        self._wall = wall

    async def carriage(self, held: Held, packed: Packed) -> Carriage | None:
        """How this attempt is made; None: as all letters are."""
        manner = packed.manner
        carrier = None if manner is None else self._carriers.get(manner.face)
        if manner is None or carrier is None:
            return None
        known = None if manner.application is None else await self._applications.known(manner.application)
        application = None if known is None else known.application
        # By the attempt, not by the event: what is sent again by hand has attempts of its own.
        jti = derived(held.id, f"attempt:{held.attempts + 1}")
        moment = int(self._wall())
        return carrier.carriage(Role(manner.role), application, packed.method, packed.body, moment, jti)
