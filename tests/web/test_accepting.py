"""Which kind of sound a client gets that names none in the path."""

from __future__ import annotations

import pytest

from telefonie.engine.media import Form
from telefonie.web.accepting import best


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        *((None, Form.WAV), ("", Form.WAV), ("*/*", Form.WAV), ("audio/*", Form.WAV)),
        *(("audio/wav", Form.WAV), ("audio/x-wav", Form.WAV), ("AUDIO/WAV", Form.WAV)),
        *(("audio/mpeg", Form.MP3), ("audio/mp3", Form.MP3), ("text/html, audio/mpeg", Form.MP3)),
        ("audio/wav;q=0.5, audio/mpeg", Form.MP3),
        ("audio/mpeg;q=0.5, */*", Form.WAV),
        ("audio/mpeg;q=0.5, */*;q=0.1", Form.MP3),
        ("audio/wav;q=0, audio/*", Form.MP3),
        ("text/html,application/xhtml+xml,*/*;q=0.8", Form.WAV),
        ("text/html", None),
        ("audio/ogg, audio/flac", None),
        ("*/*;q=0", None),
        ("audio/*;q=0, */*", None),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, form: Form | None) -> None:
    assert best(accept) is form
