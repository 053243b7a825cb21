"""The only module that reads what a customer answers, never more of it than is kept."""

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aiohttp import ClientResponse
from aiohttp.hdrs import CONTENT_ENCODING, CONTENT_TYPE

from telefonie.webhooks.masks import Headers, shown

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# A closed list: some of Python's codecs are no character sets, and some are very slow.
_KNOWN: Final = re.compile(
    r"(us-)?ascii|utf-?(8|16|16le|16be|16-le|16-be)|iso-?8859-\d+|latin-?1|windows-125\d", re.IGNORECASE
)
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS


@dataclass(slots=True)
class Answer:
    """What has come so far; it stays readable when the rest never comes."""

    status: int | None = None
    headers: Headers = ()
    charset: str = "utf-8"
    encoding: str = ""
    raw: bytes = b""
    ended: bool = True

    async def read(self, response: ClientResponse, limit: int) -> None:
        """Take the answer, of its body little more than `limit` bytes, and leave the rest unread."""
        self.status = response.status
        headers = response.headers
        self.headers = shown(headers.items())
        content = response.content
        if content.at_eof():
            return
        self.charset = charset_of(headers.get(CONTENT_TYPE, ""))
        self.encoding = headers.get(CONTENT_ENCODING, "")
        self.ended = False
        # Appended at once, not collected: nobody sees more than a few pieces before the limit.
        while len(self.raw) <= limit:
            self.raw += await content.readany()
            if content.at_eof():
                self.ended = True
                return

    def text(self, limit: int) -> tuple[str, bool]:
        """The body as text, and whether it is cut."""
        if not self.raw:
            return "", not self.ended
        body, cut = self._decoded(limit) if self.encoding else (self.raw, False)
        text = body[:limit].decode(self.charset, "replace").replace("\0", "\ufffd")
        return text, cut or not self.ended or len(body) > limit

    def _decoded(self, limit: int) -> tuple[bytes, bool]:
        """The body unpacked (we ask for it unpacked, but some pack it all the same), bounded."""
        if self.encoding.lower() not in ("gzip", "x-gzip", "deflate"):
            return self.raw, False
        unpack = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            return unpack.decompress(self.raw, limit + 1), not unpack.eof
        except zlib.error:
            return self.raw, False


@lru_cache(maxsize=256)
def charset_of(content_type: str) -> str:
    """The character set that this content type names, if it is one of ours."""
    found = _CHARSET.search(content_type)
    if found is None or _KNOWN.fullmatch(found[1]) is None:
        return "utf-8"
    try:
        "".encode(found[1])
    except LookupError:
        return "utf-8"
    return found[1]
