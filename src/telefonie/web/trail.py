"""The only module that says when hearing a recording is a download of its own, to be taken down in the audit trail."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from telefonie.web.reading import header
from telefonie.web.visitors import Visitor

MOST: Final = 4_096
_SOUND: Final = frozenset({200, 206, 307})


class Trail:
    """Who has begun to download what, as far as this process remembers.

    Players fetch a recording in many parts, and that is one download. But whoever asks only for parts from
    further behind has it, too: that is taken down unless the beginning was, here and not too long ago.
    """

    def __init__(self) -> None:
        self._begun: OrderedDict[tuple[str, str], None] = OrderedDict()

    def is_download(self, request: Request, who: Visitor, answer: Response) -> bool:
        """Whether this is to be taken down."""
        if request.method != "GET" or answer.status_code not in _SOUND:
            return False
        name = (who.actor, who.recording_id)
        known = name in self._begun
        self._begun[name] = None
        self._begun.move_to_end(name)
        if len(self._begun) > MOST:
            self._begun.popitem(last=False)
        return not known or _begins(header(request, b"range"))


def _begins(asked: str | None) -> bool:
    return asked is None or asked.replace(" ", "").lower().startswith("bytes=0-")
