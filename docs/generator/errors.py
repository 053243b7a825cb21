"""The only module that lists the codes of the Telefonie face's errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from docs.generator.markdown import code, table
from telefonie.dialects.telefonie.errors import CODES
from telefonie.web.problems import STATUS, ProblemKind, Reason

# A new family has no line yet: the tests say so.
FAMILIES: Final[Mapping[ProblemKind, str]] = {
    ProblemKind.INVALID: "the query or the body is not as it must be; `details` names each field",
    ProblemKind.UNAUTHORIZED: "the key is missing (`missing_key`), unknown or revoked (`unknown_key`)",
    ProblemKind.FORBIDDEN: "the key lacks a scope (`missing_scope`), the Host header is not one of the server's "
    "names (`host_not_allowed`), or a signed address was changed (`signature_invalid`) or is too old "
    "(`signature_expired`)",
    ProblemKind.NOT_FOUND: "no such path, no such thing, or not of this account (`call_not_found`, "
    "`conference_not_found`, `participant_not_found`, `not_found`)",
    ProblemKind.METHOD_NOT_ALLOWED: "the path does not take that method; `Allow` lists those it takes",
    ProblemKind.NOT_ACCEPTABLE: "a recording is wanted in no form in which there is one",
    ProblemKind.CONFLICT: "the present state does not allow it",
    ProblemKind.TOO_LARGE: "the body is larger than 1 MiB",
    ProblemKind.UNSUPPORTED_MEDIA_TYPE: "the body is not sent as JSON in UTF-8",
    ProblemKind.OUT_OF_RANGE: "nothing of a recording lies in the `Range`; `Content-Range` says how long it is",
    ProblemKind.REUSED_KEY: "the `Idempotency-Key` was used for another request",
    ProblemKind.TOO_MANY_REQUESTS: "too many requests; see `Retry-After`",
    ProblemKind.BROKEN: "a fault of the server's; the request id finds it in the log",
    ProblemKind.OVERLOADED: "more waits than can be promised an answer, or a recording is still being rendered "
    "(`recording_rendering`); see `Retry-After`",
}
_WHY: Final[Mapping[Reason, str]] = {
    Reason.MISSING: "is missing",
    Reason.MALFORMED: "is not as it must be",
    Reason.NOT_ALLOWED: "is not a number of the account",
}


def table_of_codes() -> str:
    """Every code, smallest first."""
    rows = [
        (number, STATUS[kind], "", FAMILIES[kind]) for kind, number in CODES.kinds.items()
    ]  # the name depends on the case
    rows += [
        (number, STATUS[ProblemKind.INVALID], name, f"`{field}` {_WHY[reason]}")
        for (field, reason), (number, name) in CODES.fields.items()
    ]
    rows += [
        (number, STATUS[ProblemKind.CONFLICT], slug, _STATES[slug]) for slug, number in CODES.slugs.items()
    ]
    shown = [
        (code(number), str(status), code(name) if name else "", why)
        for number, status, name, why in sorted(rows)
    ]
    return table(("`code`", "HTTP", "`error`", "when"), shown)


_STATES: Final[Mapping[str, str]] = {
    "call_not_active": "the call is over",
    "call_not_answered": "the call must be answered first",
    "call_already_answered": "the call has been answered",
    "conference_not_active": "the conference is over",
    "conference_full": "the conference takes nobody more",
    "label_in_use": "somebody else in the conference has this label",
}
