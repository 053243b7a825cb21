"""The only module that serves the sound of this API's recordings."""

from __future__ import annotations

from typing import Final

from telefonie.dialects.telefonie.calls import FACE
from telefonie.web.hearing import sound_router

router: Final = sound_router(FACE)
