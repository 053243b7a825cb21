"""The only module that knows Redirect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from telefonie.flow.kinds import METHOD, URL, BadValue
from telefonie.flow.markup import Spot
from telefonie.flow.program import Load, Scene, Step, Verb
from telefonie.flow.spelling import Field, Language, Reading, Spelling

BAD_METHOD: Final = 13710
BAD_URL: Final = 11100


@dataclass(frozen=True, slots=True)
class Redirect(Verb):
    """Go on with another document. Verbs after it are never reached."""

    answers: ClassVar[bool] = False
    whispers: ClassVar[bool] = True
    name: str
    spot: Spot
    url: str | None  # None: this document once more
    method: str

    def begin(self, scene: Scene) -> Step:  # noqa: ARG002 - whatever the scene is
        """Ask for it at once."""
        return Load(self.url, self.method)


def _redirect(reading: Reading) -> Verb | None:
    text = reading.element.text
    try:
        url = URL.read(text) if text else None
    except BadValue as bad:
        reading.warn(f"the content of <Redirect> {bad}, so it is passed over", BAD_URL)
        return None
    return Redirect("Redirect", reading.spot, url, reading["method"])


SPELLINGS: Final = (
    Spelling(
        Language.XML,
        "Redirect",
        "Go on with the document at another URL.",
        (Field("method", METHOD, "POST", "How the document is asked for.", BAD_METHOD),),
        _redirect,
        content="URL, absolute or relative to this document; without one, this document is asked for once more",
    ),
)
