"""The only module that says how this API names files about a recording, and how it tells that one is there."""

from __future__ import annotations

import re
from typing import Final, Protocol

from telefonie.core.effects import NotifyRecording
from telefonie.core.recordings import News, Recording
from telefonie.dialects.vonage.events import Content, Worded
from telefonie.dialects.vonage.schemas import CON
from telefonie.engine.media import Form
from telefonie.engine.sizes import size_of
from telefonie.web.fields import iso

# A file's id differs from its recording's in the digit that says how the id was made.
_DIGIT: Final = 14
_SOUND: Final = "4"
_WORDS: Final = "7"
_MADE: Final = "8"  # as all recordings of this API have their ids: they are derived
RATE: Final = 16_000  # samples a second


_FILE: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class FileUrl(Protocol):
    """Where a file about a recording is fetched."""

    def __call__(self, recording_id: str, *, words: bool = False) -> str: ...


def file_id(recording_id: str, *, words: bool = False) -> str:
    """The id of its sound, or of its words."""
    return recording_id[:_DIGIT] + (_WORDS if words else _SOUND) + recording_id[_DIGIT + 1 :]


def recording_of(file: str) -> tuple[str, bool] | None:
    """Of which recording a file is, and whether it is its words; None: there can be no such file."""
    kind = file[_DIGIT : _DIGIT + 1]
    if not _FILE.fullmatch(file) or kind not in (_SOUND, _WORDS):
        return None
    return file[:_DIGIT] + _MADE + file[_DIGIT + 1 :], kind == _WORDS


def told(notice: NotifyRecording, file_url: FileUrl) -> Worded | None:
    """That a recording is there; before that, and of one that came to nothing, nobody hears."""
    if notice.news is not News.COMPLETED:
        return None
    it = notice.recording
    content: Content = {
        "start_time": whole_second(it.since),
        "end_time": whole_second(it.until or it.since),
        "recording_url": file_url(it.id),
        "recording_uuid": it.id,
        "size": size(it),
        "conversation_uuid": f"{CON}{it.conversation or it.call_id}",
        "timestamp": iso(notice.at),
    }
    return "record", content | ({"channels": heard_apart(it)} if it.channels > 1 else {})


def heard_apart(it: Recording) -> int:
    """How many channels the file has: what the leg says and what it hears are all there is to keep apart."""
    return min(it.channels, 2)


def whole_second(moment: int) -> str:
    """A moment as recordings have it."""
    return f"{iso(moment)[:-5]}Z"


def form_of(it: Recording) -> Form:
    """Which kind of file it is: as the document wished."""
    wished = Form(it.form) if it.form else Form.MP3
    return Form.LEAN if wished is Form.MP3 else wished


def size(it: Recording) -> int:
    """How many bytes of sound there will be: the file itself is made when it is first asked for."""
    return size_of(form_of(it), it.ms, heard_apart(it), RATE)
