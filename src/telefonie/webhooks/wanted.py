"""The only module that takes an answer of which the body is wanted whole: a document or a sound."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from aiohttp import ClientResponse
from aiohttp.hdrs import CONTENT_ENCODING, CONTENT_TYPE, LOCATION

from telefonie.engine.letters import Fault, Want
from telefonie.reach.faults import Complaint
from telefonie.webhooks.answer import Answer, charset_of
from telefonie.webhooks.hops import MOVED
from telefonie.webhooks.masks import shown
from telefonie.webhooks.unpack import Garbled, Unpacker

MOST_DOCUMENT: Final = 64 * 1024
MOST_SOUND: Final = 16 * 1024 * 1024
_SOUND: Final = "audio/"


class Wanted(Answer):
    """The answer to a letter that wants something. Only a good one is taken whole, of others the beginning."""

    def __init__(self, want: Want) -> None:
        super().__init__()
        self.location = ""  # where to ask instead
        self.content_type = ""
        self.document = b""
        self.sound = ""  # the path of the file
        self.wrong: Complaint | None = None
        self._want = want

    async def read(self, response: ClientResponse, limit: int) -> None:
        """Take what is wanted."""
        said = response.headers.get(CONTENT_TYPE, "")
        self.content_type = shown(((CONTENT_TYPE, said),))[0][1]
        is_sound = said.strip().lower().startswith(_SOUND)
        if response.status in MOVED and response.headers.get(LOCATION, "").strip():
            self._begin(response)
            self.location = response.headers[LOCATION]
        elif not 200 <= response.status < 300:
            await super().read(response, limit)
        elif self._want is Want.SOUND and not is_sound:
            await super().read(response, limit)
            self._blame(
                Fault.UNPLAYABLE, response, f"answered with {_kind(self.content_type)}, not with a sound"
            )
        elif self._want is Want.SOUND:
            self._begin(response)
            await self._take_sound(response)
        else:
            self._begin(response)
            self.ended = not is_sound  # a sound is left unread: it is asked for again when it is played
            if not is_sound:
                await self._take_document(response, limit)

    def throw_away(self) -> None:
        """Keep no file."""
        if self.sound:
            Path(self.sound).unlink(missing_ok=True)

    def _begin(self, response: ClientResponse) -> None:
        self.status = response.status
        self.headers = shown(response.headers.items())
        self.ended = response.content.is_eof()

    async def _take_document(self, response: ClientResponse, limit: int) -> None:
        self.charset = charset_of(self.content_type)
        found = bytearray()
        try:
            await self._pour(response, MOST_DOCUMENT, found.extend)
        finally:
            self.raw = bytes(found[: limit + 1])  # unpacked: what is shown of it
        if self.wrong is None:
            self.document = bytes(found)

    async def _take_sound(self, response: ClientResponse) -> None:
        if (response.content_length or 0) > MOST_SOUND:
            self._too_large(response, MOST_SOUND)
            return
        try:
            handle, self.sound = tempfile.mkstemp(prefix="telefonie-")
        except OSError as error:
            self._blame(
                Fault.UNPLAYABLE, response, f"answered, but no file can be kept here: {error.strerror}"
            )
            return
        with os.fdopen(handle, "wb") as file:
            await self._pour(response, MOST_SOUND, file.write)

    async def _pour(self, response: ClientResponse, most: int, into: Callable[[bytes], object]) -> None:
        """The body, unpacked as it comes, and little more than the most of it."""
        content = response.content
        unpacker = Unpacker(response.headers.get(CONTENT_ENCODING, ""))
        size = 0
        self.ended = content.at_eof()
        whole = self.ended
        while not content.at_eof():
            packed = await content.readany()
            try:
                piece = unpacker.feed(packed, most + 1 - size)
                into(piece)
            except Garbled:
                self._blame(Fault.PROTOCOL, response, "packed its answer in another way than it says")
                return
            except OSError as error:
                self._blame(
                    Fault.UNPLAYABLE, response, f"answered, but no file can be kept here: {error.strerror}"
                )
                return
            size += len(piece)
            if size > most:
                self._too_large(response, most)
                return
            whole = unpacker.whole
        self.ended = True
        if not whole:
            self._blame(Fault.PROTOCOL, response, "packed its answer, which breaks off")

    def _too_large(self, response: ClientResponse, most: int) -> None:
        size = f"{most // 1024} KiB" if most < 1 << 20 else f"{most >> 20} MiB"
        self._blame(Fault.TOO_LARGE, response, f"answered with more than {size}")

    def _blame(self, fault: Fault, response: ClientResponse, what: str) -> None:
        self.wrong = Complaint(fault, f"{response.url.host} {what}")


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip()[:80] or "no content type"
