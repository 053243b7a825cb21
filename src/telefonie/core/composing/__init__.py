"""What recordings consist of, and who said what on them: composed of journals, purely."""

from telefonie.core.composing.composer import Needs, compose, wanted
from telefonie.core.composing.journals import HEARD, Journal
from telefonie.core.composing.sides import hears, needed
from telefonie.core.composing.spoken import Sentence, as_text, as_vtt, transcript
from telefonie.core.composing.takes import Take, Takes

__all__ = [
    "HEARD",
    "Journal",
    "Needs",
    "Sentence",
    "Take",
    "Takes",
    "as_text",
    "as_vtt",
    "compose",
    "hears",
    "needed",
    "transcript",
    "wanted",
]
