"""The only module that unpacks a body while it comes, never to more than there is room for."""

import zlib
from typing import Final

_PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS


class Garbled(Exception):
    """This is not packed as its header says."""


class Unpacker:
    """Takes a body piece by piece. We ask for it unpacked, but some pack it all the same."""

    def __init__(self, encoding: str) -> None:
        self._stream = _new() if encoding.strip().lower() in _PACKED else None
        self._members = 0  # a packed body may be made of several, one after the other

    def feed(self, piece: bytes, room: int) -> bytes:
        """What comes out of this piece, as far as there is room; a full room may mean that there is more."""
        if self._stream is None:
            return piece[:room]
        out = bytearray()
        while piece and len(out) < room:
            if self._stream.eof:
                self._stream = _new()
                self._members += 1
            try:
                out += self._stream.decompress(piece, room - len(out))
            except zlib.error as error:
                if self._members:  # padding behind a body that was whole
                    break
                raise Garbled from error
            piece = self._stream.unused_data or self._stream.unconsumed_tail
        return bytes(out)

    @property
    def whole(self) -> bool:
        """Whether it may end here."""
        return self._stream is None or self._stream.eof or self._members > 0


def _new() -> "zlib._Decompress":
    return zlib.decompressobj(_GZIP_OR_ZLIB)
