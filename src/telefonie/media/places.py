"""The only module that chooses where files are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from telefonie.engine.media import Blobs
from telefonie.media.bucket import Bucket
from telefonie.media.folder import Folder

S3: Final = "s3://"


def place_of(text: str, region: str, endpoint: str | None) -> Blobs:
    """A folder, or s3://bucket/prefix; what is kept stays inside the region's part of it."""
    if not text.startswith(S3):
        return Folder(Path(text), region)
    bucket, _, prefix = text.removeprefix(S3).partition("/")
    return Bucket(bucket, f"{prefix}/{region}".lstrip("/"), endpoint)
