"""The only module that says what a text to be spoken means: plain words, or speech markup inside `speak`."""

from __future__ import annotations

from typing import Final

from telefonie.flow.markup import Element, Remarks, Spot, Unreadable
from telefonie.flow.speech import Bit, Passage, Plan, plan
from telefonie.flow.ssml import bits_of
from telefonie.flow.xml import read_xml

NO_TEXT: Final = 13520


def bits_in(text: str, remarks: Remarks, spot: Spot) -> tuple[Bit, ...] | None:
    """What is to be said; None: that cannot be read, and was remarked."""
    if not text.startswith("<speak"):
        return (Passage(text),) if text else ()
    try:
        root = read_xml(text)
    except Unreadable as bad:
        remarks.warn(NO_TEXT, f"the speech markup cannot be read: {bad.message}", spot)
        return None
    return bits_of(_moved(root, spot), remarks)


def planned(text: str, language: str) -> tuple[Plan, Remarks]:
    """How a text that stands by itself is said, and what is odd about it."""
    remarks = Remarks()
    return plan(bits_in(text, remarks, Spot(1, 1)) or (), language), remarks


def _moved(element: Element, spot: Spot) -> Element:
    """Elements out of a text stand where the text stands in its document."""
    children = tuple(each if isinstance(each, str) else _moved(each, spot) for each in element.children)
    return Element(element.name, element.attributes, children, spot)
