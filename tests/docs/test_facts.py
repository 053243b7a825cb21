"""The figures that the guide names in its sentences are those of the code."""

from __future__ import annotations

from typing import Any, Final

import pytest

from telefonie.cli import process
from telefonie.core import acting, phones, prices, rooms, script_text
from telefonie.dialects.telefonie import conference_schemas, schemas
from telefonie.engine import orders, retry, timekeeper
from telefonie.flow import content, frames, markup, pages, read, xml
from telefonie.settings import DEVELOPMENT_ADMIN_KEY, DEVELOPMENT_KEY
from telefonie.simulator import clock_schemas, phone_schemas
from telefonie.store.replies import DAY_MS
from telefonie.web import gate, paging
from telefonie.webhooks import hops
from tests.support.project import ROOT

_FIELDS: Final[dict[str, Any]] = schemas.CallCreation.model_json_schema()["properties"]
_TIMEOUT, _LIMIT = _FIELDS["timeout"], _FIELDS["time_limit"]
_MOST: Final = conference_schemas.ConferenceCreation.model_json_schema()["properties"]["max_participants"]
_WAITS = [f"{seconds:g}" for seconds in retry.SCHEDULE]

FACTS: Final = [
    ("README.md", f"API key         {DEVELOPMENT_KEY} "),
    ("README.md", f"admin key       {DEVELOPMENT_ADMIN_KEY} "),
    ("docs/guide/calls.md", f"| {_TIMEOUT['default']} | Seconds of ringing, 1 to {_TIMEOUT['maximum']}."),
    ("docs/guide/calls.md", f"| {_LIMIT['default']:,} | Seconds of talk, 1 to {_LIMIT['maximum']:,}."),
    ("docs/guide/calls.md", f"{paging.SIZE} unless said, 1 to {paging.MOST}."),
    ("docs/guide/calls.md", f"for {DAY_MS // 3_600_000} hours of the account's time"),
    ("docs/guide/calls.md", f"more than {gate.LIMIT // 1024**2} MiB is 413"),
    (
        "docs/guide/calls.md",
        f"({', '.join(sorted(name for name in prices.RATES if '+' in name))} and a default)",
    ),
    ("docs/guide/callbacks.md", f"after {', '.join(_WAITS[:-1])} and {_WAITS[-1]} s, six attempts in all"),
    ("docs/guide/callbacks.md", f"Again after that, at most {retry.LONGEST_WAIT:g} s."),
    ("docs/guide/time.md", f"({clock_schemas.SLOWEST} to {clock_schemas.FASTEST:,.0f})"),
    ("docs/guide/time.md", "more than 120 s of wall time"),
    ("docs/guide/far-ends.md", f"from creation to ringing, at most {phone_schemas.AN_HOUR:,}."),
    ("docs/guide/far-ends.md", f"hanging up, at most {script_text.A_DAY:,}."),
    ("docs/guide/far-ends.md", f"At most {script_text.MOST_STEPS} steps, nested {script_text.DEEPEST} deep."),
    ("docs/guide/far-ends.md", f"pressing ({2 * phones.TONE_MS} ms a key)"),
    ("docs/guide/far-ends.md", f"hang up after {phones.PATIENCE_MS // 1000} seconds"),
    ("docs/guide/far-ends.md", f"`en-US`) and `confidence` ({acting.CONFIDENCE})"),
    (
        "docs/guide/call-flows.md",
        f"at most {content.MOST_BYTES // 1024} KiB, unpacked, and {read.MOST_VERBS:,} verbs",
    ),
    ("docs/guide/call-flows.md", f"elements may be nested {xml.MOST_DEPTH} deep"),
    ("docs/guide/call-flows.md", f"Up to {hops.MOST_REDIRECTS} redirects are followed"),
    (
        "docs/guide/call-flows.md",
        f"may run {pages.MOST_DOCUMENTS:,} documents; the next one is error {pages.TOO_MANY_DOCUMENTS}",
    ),
    ("docs/guide/call-flows.md", f"after {frames.FREE_DOCUMENTS} documents that follow each other"),
    ("docs/guide/conferences.md", f"| {_MOST['default']} | 2 to {_MOST['maximum']}."),
    ("docs/guide/conferences.md", f"up to {conference_schemas.LONGEST_NAME} characters"),
    ("docs/guide/conferences.md", f"at once ({paging.MOST_AT_ONCE:,} at most)"),
    ("docs/guide/conferences.md", f"409 `conference_full` ({rooms.FULL})"),
    ("docs/guide/conferences.md", f"409 `label_in_use` ({rooms.LABEL_IN_USE})"),
    ("docs/guide/inbound.md", f"lets it ring for {orders.RING_MS // 1000} seconds"),
    ("docs/guide/call-flows.md", f"| Error {markup.WRONG_CONTENT_TYPE}. |"),
    ("docs/guide/hosting.md", f"({process.GRACE_SECONDS} s at most)"),
]


@pytest.mark.parametrize(("page", "said"), FACTS)
def test_a_page_names_the_right_figure(page: str, said: str) -> None:
    assert said in (ROOT / page).read_text("utf-8")


def test_the_patience_of_an_advance_is_what_the_guide_says() -> None:
    defaults = timekeeper.Timekeeper.advance.__defaults__
    assert defaults == (120.0,)
