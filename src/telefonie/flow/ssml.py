"""The only module that understands speech markup: what its elements let be said, in what language and how fast."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from telefonie.core.speaking import SENTENCE_MS
from telefonie.flow.markup import SCHEMA_WARNING, Element, Remarks
from telefonie.flow.speech import Bit, Break, Passage

STRENGTHS: Final[Mapping[str, int]] = {
    "none": 0,
    "x-weak": 250,
    "weak": 500,
    "medium": 750,
    "strong": 1_000,
    "x-strong": 1_250,
}
LONGEST_BREAK_MS: Final = 10_000
PARAGRAPH_MS: Final = 750
RATES: Final[Mapping[str, float]] = {
    "x-slow": 0.5,
    "slow": 0.75,
    "medium": 1.0,
    "default": 1.0,
    "fast": 1.25,
    "x-fast": 1.5,
}
SLOWEST: Final = 0.2
FASTEST: Final = 4.0
SPELLING_RATE: Final = 0.5  # letters that are named one by one take longer than those of a word

_ONE_BY_ONE: Final = frozenset({"characters", "digits", "spell-out", "telephone", "verbatim"})
# fmt: off
_AS_WRITTEN: Final = frozenset({
    "address", "cardinal", "currency", "date", "duration", "expletive", "fraction", "measure", "name", "net",
    "number", "ordinal", "time", "unit",
})
# fmt: on
_TIME: Final = re.compile(r"\+?([0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(ms|s)")
_PACE: Final = re.compile(r"([+-]?)([0-9]{1,4}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(%?)")
_SENTENCE_END: Final = re.compile(r"""[.!?\u2026\u3002\uff01\uff1f]["')\]\u00bb\u201d\u2019\u300d]*\s*$""")


@dataclass(slots=True)
class _Saying:
    """How what comes next is said, and what was gathered so far."""

    out: list[Bit]
    remarks: Remarks
    language: str | None = None
    rate: float = 1.0
    spelled: bool = False

    def text(self, text: str) -> None:
        """Say this."""
        rate = self.rate
        if self.spelled:
            letters = " ".join(char for char in text if not char.isspace())
            rate = rate * SPELLING_RATE if any(char.isalpha() for char in letters) else rate
            text = f" {letters} "
        last = self.out[-1] if self.out else Break(0)
        if text.strip() or (isinstance(last, Passage) and not last.text[-1:].isspace()):
            self.out.append(Passage(text, self.language, min(max(rate, SLOWEST), FASTEST)))

    def pause(self, ms: int) -> None:
        """Be silent for so much longer."""
        quiet = 0
        if self.out and isinstance(last := self.out[-1], Break):
            quiet = last.ms
            self.out.pop()
        self.out.append(Break(quiet + ms))

    def silence(self, ms: int) -> None:
        """Have been silent for so long at least, if anything was said before."""
        quiet = 0
        for bit in reversed(self.out):
            if isinstance(bit, Passage):
                quiet += SENTENCE_MS if _SENTENCE_END.search(bit.text) else 0
                if bit.text.strip():
                    self.pause(max(ms - quiet, 0))
                    return
            else:
                quiet += bit.ms

    def remark(self, element: Element, message: str) -> None:
        """Note what is passed over."""
        self.remarks.warn(SCHEMA_WARNING, message, element.spot)


_Doing: TypeAlias = Callable[[Element, "_Saying"], None]


def bits_of(element: Element, remarks: Remarks) -> tuple[Bit, ...]:
    """What is to be said of an element's content: of a Say, or of a speak."""
    saying = _Saying([], remarks)
    if _local(element.name) == "speak":
        _lang(element, saying)
    else:
        _content(element, saying)
    return tuple(saying.out)


def _local(name: str) -> str:
    """A name without the prefix of its vendor."""
    return name.rpartition(":")[2].lower()


def _attribute(element: Element, name: str) -> str:
    found = {_local(key): value for key, value in element.attributes.items()}
    return found.get(name, "").strip()


def _content(element: Element, saying: _Saying) -> None:
    for child in element.children:
        if isinstance(child, str):
            saying.text(child)
        elif (doing := _ELEMENTS.get(_local(child.name))) is not None:
            doing(child, saying)
        else:
            saying.remark(child, f"<{child.name}> is not known inside speech; its text is said.")
            _content(child, saying)


def _within(element: Element, saying: _Saying, **changes: object) -> None:
    """Its content, said differently. What is gathered goes to the same list."""
    _content(element, replace(saying, **changes))  # type: ignore[arg-type] # names and types of fields above


def _break(element: Element, saying: _Saying) -> None:
    time, strength = _attribute(element, "time"), _attribute(element, "strength") or "medium"
    found = _TIME.fullmatch(time)
    if strength not in STRENGTHS:
        saying.remark(element, f"A break is {', '.join(STRENGTHS)}; {strength!r} is taken for medium.")
    ms = STRENGTHS.get(strength, STRENGTHS["medium"])
    if found:
        ms = round(float(found[1]) * (1_000 if found[2] == "s" else 1))
    elif time:
        saying.remark(element, f"The time of a break is like 500ms or 1.5s; {time!r} is not.")
    if ms > LONGEST_BREAK_MS:
        saying.remark(element, f"A break lasts {LONGEST_BREAK_MS // 1000} s at most.")
    saying.pause(min(ms, LONGEST_BREAK_MS))
    _content(element, saying)


def _lang(element: Element, saying: _Saying) -> None:
    _within(element, saying, language=_attribute(element, "lang") or saying.language)


def _paragraph(element: Element, saying: _Saying) -> None:
    saying.silence(0)
    _lang(element, saying)
    saying.silence(PARAGRAPH_MS)


def _sentence(element: Element, saying: _Saying) -> None:
    saying.silence(0)
    _lang(element, saying)
    saying.silence(SENTENCE_MS)


def _prosody(element: Element, saying: _Saying) -> None:
    said = _attribute(element, "rate")
    pace = _pace(said) if said else 1.0
    if pace is None:
        saying.remark(element, f"A rate is {', '.join(RATES)}, or like 80% or 1.2; {said!r} is not.")
    _within(element, saying, rate=saying.rate * (pace or 1.0))


def _pace(said: str) -> float | None:
    """How many times as fast: 80% and 0.8 of the ordinary, +20% more, -20% less."""
    if said in RATES:
        return RATES[said]
    found = _PACE.fullmatch(said)
    if not found:
        return None
    number = float(found[2]) / (100 if found[3] else 1)
    pace = {"": number, "+": 1 + number, "-": 1 - number}[found[1]]
    return min(max(pace, SLOWEST), FASTEST)


def _say_as(element: Element, saying: _Saying) -> None:
    how = _attribute(element, "interpret-as").lower()
    if how not in _ONE_BY_ONE | _AS_WRITTEN:
        saying.remark(element, f"To say something as {how!r} is not known; it is said as it is written.")
    _within(element, saying, spelled=how in _ONE_BY_ONE)


def _sub(element: Element, saying: _Saying) -> None:
    alias = _attribute(element, "alias")
    if alias:
        saying.text(alias)
        return
    saying.remark(element, "A sub has no alias; its text is said.")
    _content(element, saying)


def _passed_over(element: Element, saying: _Saying) -> None:
    """One voice says all, and there are neither marks nor sounds; what text there is, is said."""
    saying.remark(element, f"<{element.name}> has no effect here; text inside it is said.")
    _content(element, saying)


_ELEMENTS: Final[Mapping[str, _Doing]] = {
    "audio": _passed_over,
    "break": _break,
    "emphasis": _content,
    "lang": _lang,
    "mark": _passed_over,
    "p": _paragraph,
    "phoneme": _content,
    "prosody": _prosody,
    "s": _sentence,
    "say-as": _say_as,
    "speak": _lang,
    "sub": _sub,
    "voice": _passed_over,
    "w": _content,
}
ELEMENTS: Final = tuple(_ELEMENTS)
