"""The only module that decides which patterns a far end may listen for: such as compile and end in time.

Patterns come from outside and run inside the server, on text of any content. Python's matcher tries
again and again where a repeated group repeats or chooses inside itself, so such groups are turned down.
"""

from __future__ import annotations

import re
import warnings
from typing import Final

LONGEST: Final = 200
REPEATS: Final = 4

_TOKEN: Final = re.compile(
    r"""(?P<escape>\\.)
      | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<open>\((?:\?(?P<kind>P=|<=|<!|=|!|:|P?<[^>]*>|[a-zA-Z\-]+:?|\())?)
      | (?P<close>\))
      | (?P<repeat>[*+?]|\{\d*,?\d*\})
      | (?P<choice>\|)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def objection(pattern: str) -> str | None:
    """What is wrong with a pattern, in words that follow a field's name; or None."""
    if len(pattern) > LONGEST:
        return f"may have at most {LONGEST} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a doubtful set in a customer's pattern is no warning of ours
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as problem:
        return f"is no regular expression: {problem}"
    return _slow(pattern)


def _slow(pattern: str) -> str | None:
    """Walk the tokens; a group 'branches' when it repeats or chooses, itself or in a group inside it."""
    branches = [False]
    repeats = 0
    closed: bool | None = None  # whether the group that ended just now branches
    for token in _TOKEN.finditer(pattern):
        what, text = token.lastgroup, token.group()
        if _refers_back(token):
            return "may not refer back to a group"
        if what == "repeat" and closed:
            return "may not repeat a group that can repeat or choose: write [ab]+ for (a|b)+"
        if what == "repeat":
            branches[-1] = True
            repeats += text != "?"
        elif what == "choice":
            branches[-1] = True
        closed = _step(branches, token)
    return f"may repeat at most {REPEATS} times" if repeats > REPEATS else None


def _step(branches: list[bool], token: re.Match[str]) -> bool | None:
    if token["open"] and not token["open"].endswith(")"):
        branches.append(False)
    elif token["close"] and len(branches) > 1:
        inner = branches.pop()
        branches[-1] = branches[-1] or inner
        return inner
    return None


def _refers_back(token: re.Match[str]) -> bool:
    escape = token["escape"]
    return token["kind"] in {"P=", "("} or (escape is not None and escape[1].isdigit() and escape[1] != "0")
