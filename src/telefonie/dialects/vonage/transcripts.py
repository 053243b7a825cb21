"""The only module that words what was said in a recording as this API's files of words do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from telefonie.core.composing import Sentence
from telefonie.core.recordings import Recording

VERSION: Final = "1.0.0"
CONFIDENCE: Final = 0.9  # nothing is guessed here, but whoever reads expects a number


def transcript_json(it: Recording, lines: Sequence[Sentence]) -> dict[str, Any]:
    """Channel by channel; times are milliseconds from where the sound begins."""
    channels = [
        {"duration": it.ms, "transcript": [_sentence(each) for each in lines if each.channel == channel]}
        for channel in range(min(it.channels, 2))
    ]
    return {"ver": VERSION, "request_id": it.id, "channels": channels}


def _sentence(line: Sentence) -> dict[str, Any]:
    return {
        "sentence": line.text,
        "raw_sentence": line.text.lower(),
        "duration": line.end_ms - line.start_ms,
        "timestamp": line.start_ms,
        "words": [
            {
                "word": each.text,
                "start_time": each.start,
                "end_time": each.end,
                "confidence": CONFIDENCE,
            }
            for each in line.words
        ],
    }
