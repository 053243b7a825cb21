"""The only module that draws random orders, phones and settings for property tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from telefonie.core.accounts import Consent, NumberPolicy, Settings
from telefonie.core.call import Direction, Order
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Outcome

# What JSON and both databases can hold; surrogates cannot be written anywhere.
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES: Final = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
SHORT_MS: Final = st.integers(0, 20_000)


def steps() -> SearchStrategy[dict[str, object]]:
    """One step of a far end's script."""
    seconds = st.integers(0, 10) | st.sampled_from([0.25, 1.5])
    return st.one_of(
        st.fixed_dictionaries({"wait": seconds}),
        st.fixed_dictionaries({"hold": seconds}),
        st.fixed_dictionaries({"press": st.text("0123456789*#", max_size=4)}),
        st.fixed_dictionaries({"say": TEXTS}),
        st.just({"hangup": True}),
        st.fixed_dictionaries({"when_heard": st.just("menu"), "steps": st.just([{"press": "1"}])}),
    )


def behaviours() -> SearchStrategy[Behaviour]:
    """Any far end."""
    return st.builds(
        Behaviour,
        outcome=st.sampled_from(Outcome),
        rings_after=SHORT_MS,
        answers_after=SHORT_MS,
        greeting=st.none() | TEXTS,
        beep=st.booleans(),
        hangs_up_after=st.none() | SHORT_MS,
        consents=st.booleans(),
        script=st.lists(steps(), max_size=4).map(tuple),
    )


def orders() -> SearchStrategy[Order]:
    """Anything that could be asked for."""
    url = st.none() | st.just("https://customer.test/calls?a=ü")
    method = st.sampled_from(["GET", "POST"])
    return st.builds(
        Order,
        direction=st.sampled_from(Direction),
        caller=NAMES,
        callee=NAMES,
        rate=st.decimals(0, 2, places=4).map(str),
        currency=st.sampled_from(["USD", "EUR"]),
        document_url=url,
        document_method=method,
        fallback_url=url,
        report_url=url,
        report_on=st.lists(st.sampled_from(Kind), unique=True).map(tuple),
        ring_ms=SHORT_MS,
        limit_ms=st.integers(1, 60_000),
        record=st.booleans(),
        detection=st.none() | st.sampled_from(Detection),
        detection_answers=st.booleans(),
        beep_ms=st.sampled_from([0, 1, 45_000]),
        drops_machines=st.booleans(),
        parent_tells=st.booleans(),
        keys=st.text("0123456789*#wW", max_size=4),
        metadata=st.none() | st.dictionaries(TEXTS, TEXTS, max_size=3),
        ignored=st.lists(TEXTS, max_size=2).map(tuple),
        phone=behaviours(),
        application=st.none() | st.uuids().map(str),
        conversation=st.just("") | st.uuids().map(str),
        report_method=method,
        fallback_method=method,
        strict=st.booleans(),
    )


def settings_() -> SearchStrategy[Settings]:
    """An account's settings, whatever its owner may choose."""
    return st.builds(
        Settings,
        number_policy=st.sampled_from(NumberPolicy),
        currency=st.none() | st.sampled_from(["USD", "EUR"]),
        rates=st.dictionaries(
            st.text("+0123456789", min_size=1, max_size=8),
            st.decimals(0, 9, places=4).map(_plain),
            max_size=3,
        ),
        retry_seconds=st.lists(st.integers(0, 3600), max_size=6).map(tuple),
        record_calls=st.booleans(),
        consent=st.none() | st.sampled_from(Consent),
        seed=st.none() | NAMES,
        creations_per_second=st.none() | st.integers(1, 100),
        requests_per_second=st.none() | st.integers(1, 100),
        settling_ms=st.integers(0, 10_000),
    )


def _plain(rate: Decimal) -> str:
    return f"{rate:.4f}"
