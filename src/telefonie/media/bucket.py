"""The only module that keeps files in a bucket of an S3-compatible store."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from time import time
from typing import Any, Final, TypeVar

from telefonie.engine.media import Blob, Unkept
from telefonie.media.keys import PIECE, checked

R = TypeVar("R")

_THREADS: Final = 16
_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
_EXTRA: Final = "A bucket needs the package boto3: pip install 'telefonie[s3]'."
_TOGETHER: Final = 1000  # so many are listed or deleted with one request, by the protocol
_TYPES: Final = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg"}
_SOME_TYPE: Final = "application/octet-stream"
_PATIENCE: Final = {
    "connect_timeout": 5,
    "read_timeout": 20,
    "retries": {"mode": "standard", "max_attempts": 3},
}
# Sums that only AWS knows are left out where they are not asked for.
_PLAIN: Final = {
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class Bucket:
    """Files below a prefix. Keys are found as AWS tools find them: in the environment, a profile, a role."""

    def __init__(self, bucket: str, prefix: str, endpoint: str | None = None) -> None:
        try:
            import boto3  # noqa: PLC0415 - an extra, and most of a second to load
            import botocore.exceptions as failures  # noqa: PLC0415 - as above
            from botocore.config import Config  # noqa: PLC0415 - as above
        except ImportError as missing:
            raise Unkept(_EXTRA) from missing
        self.workroom = Path(tempfile.gettempdir())
        self._bucket = bucket
        self._prefix = f"{prefix}/"
        self._refused: type[Exception] = failures.ClientError
        self._failed = (failures.BotoCoreError, failures.ClientError, boto3.exceptions.Boto3Error, OSError)
        self._threads = ThreadPoolExecutor(_THREADS, "bucket")
        style = {"addressing_style": "path"} if endpoint else {}
        config = Config(
            signature_version="s3v4", max_pool_connections=_THREADS, s3=style, **_PATIENCE, **_PLAIN
        )
        session = boto3.session.Session()
        region = session.region_name or "us-east-1"
        self._client: Any = session.client("s3", endpoint_url=endpoint, region_name=region, config=config)

    async def find(self, key: str) -> Blob | None:
        """What is kept under this key."""
        return await self._off(lambda: self._find(key))

    async def put(self, key: str, file: Path) -> Blob:
        """Keep this file; a bucket shows it when all of it is there."""
        return await self._off(lambda: self._put(key, file))

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of it, in pieces."""
        if length <= 0:
            return
        span = f"bytes={start}-{start + length - 1}"
        found = await self._off(
            lambda: self._client.get_object(Bucket=self._bucket, Key=self._name(key), Range=span)
        )
        body = found["Body"]
        try:
            while piece := await self._off(lambda: body.read(PIECE)):
                yield piece
        finally:
            body.close()

    async def copy(self, key: str, into: Path) -> bool:
        """A file of one's own of it; whether there was one."""
        return await self._off(lambda: self._copy(key, into))

    async def delete(self, key: str) -> None:
        """This file, or all below a key that ends with a slash."""
        if not key.endswith("/"):
            await self._off(lambda: self._client.delete_object(Bucket=self._bucket, Key=self._name(key)))
            return
        listed = self._pages("list_objects_v2", checked(key))
        async for page in listed:
            await self._off(partial(self._clear, page.get("Contents", ())))

    async def keys(self, prefix: str) -> AsyncIterator[tuple[str, float]]:
        """What is kept below a prefix that ends with a slash ("" for everything), and since when."""
        async for page in self._pages("list_objects_v2", checked(prefix) if prefix else ""):
            for each in page.get("Contents", ()):
                yield each["Key"].removeprefix(self._prefix), each["LastModified"].timestamp()

    async def sweep(self, seconds: float) -> int:
        """Give up what somebody began to upload so long ago and never finished."""
        before = time() - seconds
        given_up = 0
        async for page in self._pages("list_multipart_uploads", ""):
            old = [each for each in page.get("Uploads", ()) if each["Initiated"].timestamp() < before]
            for each in old:
                await self._off(partial(self._give_up, each))
            given_up += len(old)
        return given_up

    async def link(self, key: str, seconds: int) -> str | None:
        """An address at which anybody can have it for so long."""
        asked = {"Bucket": self._bucket, "Key": self._name(key)}
        made: str = await self._off(
            lambda: self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds)
        )
        return made

    async def close(self) -> None:
        """Let go of all connections."""
        self._client.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)

    def _find(self, key: str) -> Blob | None:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        except self._refused as refused:
            if _is_missing(refused):
                return None
            raise
        return Blob(key, found["ContentLength"], found["ETag"].strip('"'))

    def _put(self, key: str, file: Path) -> Blob:
        kind = {"ContentType": _TYPES.get(Path(key).suffix, _SOME_TYPE)}
        size = file.stat().st_size
        self._client.upload_file(str(file), self._bucket, self._name(key), ExtraArgs=kind)
        file.unlink()
        return self._find(key) or Blob(key, size, "")  # it may have been deleted at once

    def _copy(self, key: str, into: Path) -> bool:
        try:
            self._client.download_file(self._bucket, self._name(key), str(into))
        except self._refused as refused:
            if _is_missing(refused):
                return False
            raise
        return True

    def _clear(self, found: Any) -> None:
        names = ({"Key": each["Key"]} for each in found)
        while some := list(islice(names, _TOGETHER)):
            answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": some, "Quiet": True})
            if answer.get("Errors"):
                raise OSError(f"{answer['Errors'][0].get('Message', 'refused')}")

    def _give_up(self, upload: Any) -> None:
        self._client.abort_multipart_upload(
            Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
        )

    async def _pages(self, listing: str, prefix: str) -> AsyncIterator[Any]:
        """What a listing says, page by page."""
        paginator = self._client.get_paginator(listing)
        pages: Iterator[Any] = iter(paginator.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix))
        while (page := await self._off(lambda: next(pages, None))) is not None:
            yield page

    async def _off(self, work: Callable[[], R]) -> R:
        """In a thread, as the library waits."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except self._failed as error:
            raise Unkept(f"The bucket {self._bucket} cannot be used: {error}") from error


def _is_missing(refused: Any) -> bool:
    return refused.response.get("Error", {}).get("Code") in _MISSING
