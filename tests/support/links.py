"""The only module with a seal and links for tests of what needs no server."""

from __future__ import annotations

from typing import Final

from telefonie.engine.doorman import Seal
from telefonie.web.links import Links

SEAL: Final = Seal(secret=b"the-secret-of-a-store")
LINKS: Final = Links(SEAL, "https://voice.example")
