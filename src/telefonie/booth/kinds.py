"""The only module that says which files are sounds: what is read of them, and how they are told apart."""

from typing import BinaryIO, Final, TypeAlias

LONGEST_MS: Final = 40 * 60 * 1000
# Of all that the library reads, what is played on telephones and the web; the rest is only a way in.
READ: Final = frozenset({"AIFF", "AU", "FLAC", "MP3", "OGG", "RF64", "WAV", "WAVEX"})
MOST_VALUES: Final = 1 << 20  # samples read at once, over all channels
# Without a header of their own: what the library calls it, and how many ms so many bytes play.
Raw: TypeAlias = tuple[str, int, int]
MU_LAW: Final[Raw] = ("ULAW", 1, 8)
GSM: Final[Raw] = ("GSM610", 20, 33)
RAW_RATE: Final = 8000
_RAW: Final = {
    **dict.fromkeys(("audio/gsm", "audio/x-gsm"), GSM),
    **dict.fromkeys(("audio/basic", "audio/ulaw", "audio/x-ulaw", "audio/x-mulaw", "audio/pcmu"), MU_LAW),
}
_ENDINGS: Final = {".gsm": GSM, ".ulaw": MU_LAW}  # under which such files are kept
_HEADERS: Final = (b"RIFF", b"RIFX", b"RF64", b"FORM", b".snd", b"fLaC", b"OggS", b"ID3")
_GSM_MARK: Final = 0xD0  # how every frame of GSM 06.10 begins
_TEXT: Final = (b"<!doctype", b"<html", b"<?xml", b"<response")

STRANGE: Final = "the file is no sound, or of a kind that cannot be read"
NOTHING: Final = "the file holds no sound"


def raw_kind(file: BinaryIO, content_type: str, name: str = "") -> Raw | None:
    """What it is when it has no header, by its content type or else by the name under which it is kept.

    None: it must have a header. Raises ValueError when it is no sound.
    """
    head = file.read(64)
    file.seek(0)
    if not head:
        raise ValueError(NOTHING)
    kind = _RAW.get(content_type) or _ENDINGS.get(name[name.rfind(".") :])
    if kind is None or head.startswith(_HEADERS):
        return None
    if head.lstrip().lower().startswith(_TEXT) or (kind is GSM and head[0] & 0xF0 != _GSM_MARK):
        raise ValueError(STRANGE)
    return kind
