"""The only module that reckons with stretches of time: which are common to two lists, and which are left."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]  # from, until
Spans: TypeAlias = tuple[Span, ...]  # in order, none touching another
FOREVER: Final = 1 << 62
ALWAYS: Final[Spans] = ((-FOREVER, FOREVER),)


def joined(spans: Iterable[Span]) -> Spans:
    """All of them in order; what overlaps or touches is one, what takes no time is none."""
    found: list[Span] = []
    for start, end in sorted(each for each in spans if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def common(some: Spans, others: Spans) -> Spans:
    """What lies in both."""
    return tuple(each for span in some for each in inside(span, others))


def inside(span: Span, others: Spans) -> Spans:
    """What of one span lies in those."""
    start, end = span
    found: list[Span] = []
    for at in range(max(0, bisect_right(others, start, key=lambda each: each[0]) - 1), len(others)):
        first, last = others[at]
        if first >= end:
            break
        if max(first, start) < min(last, end):
            found.append((max(first, start), min(last, end)))
    return tuple(found)


def without(some: Spans, holes: Spans) -> Spans:
    """What is left of the first when the second is taken away."""
    return common(some, complement(holes))


def complement(spans: Spans) -> Spans:
    """All the time that lies in none of them."""
    edges = [-FOREVER, *(edge for span in spans for edge in span), FOREVER]
    return joined(zip(edges[::2], edges[1::2], strict=True))


def while_on(switched: Iterable[tuple[int, bool]], until: int) -> Spans:
    """While something is on that is switched on and off at these moments; at first it is off."""
    found: list[Span] = []
    since: int | None = None
    for at, on in switched:
        if on and since is None:
            since = at
        elif not on and since is not None:
            found.append((since, at))
            since = None
    if since is not None:
        found.append((since, until))
    return joined(found)
