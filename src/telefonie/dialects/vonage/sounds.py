"""The only module that says how this API names files about a recording, and how it tells that one is there."""

from __future__ import annotations

from typing import Final, Protocol

from telefonie.core.effects import NotifyRecording
from telefonie.core.recordings import News, Recording
from telefonie.dialects.vonage.events import Content, Worded
from telefonie.dialects.vonage.schemas import CON
from telefonie.web.fields import iso

# A file's id differs from its recording's in the digit that says how the id was made.
_DIGIT: Final = 14
_SOUND: Final = "4"
_WORDS: Final = "7"
_WAV: Final = "wav"
_WAV_HEAD: Final = 44  # bytes, before 16 bits for each of 16,000 samples a second
_WAV_BYTES_A_MS: Final = 32
_PACKED_BYTES_A_MS: Final = 4  # of an MP3 or Ogg of 32 kbit/s


class FileUrl(Protocol):
    """Where a file about a recording is fetched."""

    def __call__(self, recording_id: str, *, words: bool = False) -> str: ...


def file_id(recording_id: str, *, words: bool = False) -> str:
    """The id of its sound, or of its words."""
    return recording_id[:_DIGIT] + (_WORDS if words else _SOUND) + recording_id[_DIGIT + 1 :]


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
    return "record", content | ({"channels": it.channels} if it.channels > 1 else {})


def whole_second(moment: int) -> str:
    """A moment as recordings have it."""
    return f"{iso(moment)[:-5]}Z"


def size(it: Recording) -> int:
    """How many bytes there will be, about: the file itself is made when it is first asked for."""
    if it.form == _WAV:
        return _WAV_HEAD + it.ms * _WAV_BYTES_A_MS * it.channels
    return it.ms * _PACKED_BYTES_A_MS
