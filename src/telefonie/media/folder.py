"""The only module that keeps files in a folder, which several replicas may share."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final, ParamSpec, TypeVar

from telefonie.engine.media import Blob, Unkept
from telefonie.media.keys import PIECE, checked

P = ParamSpec("P")
R = TypeVar("R")

_PARTS: Final = ".parts"  # no key begins with a full stop


class Folder:
    """Files below `root`, each whole or not there: written beside their place and then moved to it."""

    def __init__(self, root: Path, region: str) -> None:
        self._root = root / region
        self.workroom = self._root / _PARTS

    async def find(self, key: str) -> Blob | None:
        """What is kept under this key."""
        return await _off(self._find, key)

    async def put(self, key: str, file: Path) -> Blob:
        """Keep this file; it is moved, not copied, where that can be."""
        return await _off(self._put, key, file)

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of it, in pieces. Who has begun to read reads to the end, even if it is deleted meanwhile."""
        file = await _off(self._place(key).open, "rb", 0)
        try:
            await _off(file.seek, start)
            while length > 0:
                piece = await _off(file.read, min(PIECE, length))
                if not piece:
                    return
                length -= len(piece)
                yield piece
        finally:
            file.close()

    async def copy(self, key: str, into: Path) -> bool:
        """A file of one's own of it; whether there was one."""
        return await _off(self._copy, key, into)

    async def delete(self, key: str) -> None:
        """This file, or all below a key that ends with a slash."""
        await _off(self._delete, key)

    async def keys(self, prefix: str) -> AsyncIterator[tuple[str, float]]:
        """What is kept below a prefix that ends with a slash ("" for everything), and since when."""
        top = self._place(prefix) if prefix else self._root
        folders = [top]
        while folders:
            files, more = await _off(_listed, folders.pop())
            folders += more
            for path, since in files:
                yield path.relative_to(self._root).as_posix(), since

    async def sweep(self, seconds: float) -> int:
        """Remove what was begun so long ago and never finished."""
        return await _off(self._sweep, time() - seconds)

    async def link(self, key: str, seconds: int) -> str | None:  # noqa: ARG002 - a folder is nobody's server
        """Nowhere else."""
        return None

    async def close(self) -> None:
        """Nothing is held open."""

    def _place(self, key: str) -> Path:
        return self._root / checked(key)

    def _find(self, key: str) -> Blob | None:
        try:
            return _blob(key, self._place(key).stat())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _put(self, key: str, file: Path) -> Blob:
        place = self._place(key)
        self.workroom.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="put-", dir=self.workroom)
        os.close(handle)
        part = Path(name)
        try:
            _moved(file, part)
            _flush(part)
            _made(place.parent, self._root)
            blob = _blob(key, part.stat())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        _flush(place.parent)
        return blob

    def _copy(self, key: str, into: Path) -> bool:
        try:
            shutil.copyfile(self._place(key), into)
        except FileNotFoundError:
            return False
        return True

    def _delete(self, key: str) -> None:
        place = self._place(key)
        if key.endswith("/"):
            shutil.rmtree(place, ignore_errors=not place.exists())
        else:
            place.unlink(missing_ok=True)

    def _sweep(self, before: float) -> int:
        old = [path for path, since in _listed(self.workroom)[0] if since < before]
        for each in old:
            each.unlink(missing_ok=True)
        return len(old)


async def _off(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """In a thread: a disk may be slow."""
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    except OSError as error:
        raise Unkept(f"The media folder cannot be used: {error.strerror or error}.") from error


def _listed(folder: Path) -> tuple[list[tuple[Path, float]], list[Path]]:
    """The files of one folder, and the folders in it."""
    files, folders = [], []
    for each in _entries(folder):
        if each.name.startswith("."):
            continue
        if each.is_dir(follow_symlinks=False):
            folders.append(Path(each.path))
            continue
        with suppress(FileNotFoundError):  # deleted this very moment
            files.append((Path(each.path), each.stat().st_mtime))
    return sorted(files), sorted(folders, reverse=True)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except (FileNotFoundError, NotADirectoryError):
        return


def _blob(key: str, found: os.stat_result) -> Blob:
    return Blob(key, found.st_size, f"{found.st_mtime_ns:x}-{found.st_size:x}")


def _moved(file: Path, part: Path) -> None:
    try:
        file.replace(part)
    except OSError:  # from another disk
        shutil.copyfile(file, part)
        file.unlink()


def _made(folder: Path, root: Path) -> None:
    """This folder, and those above it, on the disk."""
    missing = [each for each in (folder, *folder.parents) if each.is_relative_to(root) and not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        _flush(each.parent)


def _flush(path: Path) -> None:
    """What was written there is still there after a power failure."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
