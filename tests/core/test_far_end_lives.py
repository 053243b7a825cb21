"""Whatever it is told and whoever speaks to it: a far end's acts are in order, the same at any pace, and end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, TypeAlias

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from telefonie.core import far_end
from telefonie.core.far_end import Act, FarEnd
from telefonie.core.phones import Behaviour, Outcome

Plain: TypeAlias = dict[str, object]
Doing: TypeAlias = tuple[int, Callable[[FarEnd, int], FarEnd]]
NEVER: Final = 10**8
BEGIN: Final = 1_000
WORDS: Final = st.lists(st.sampled_from(["one", "two", "three", "..."]), min_size=1, max_size=5).map(" ".join)
SECONDS: Final = st.sampled_from([0, 0.1, 1, 2.5])
SIMPLE: Final[SearchStrategy[Plain]] = st.one_of(
    st.fixed_dictionaries({"wait": SECONDS}),
    st.fixed_dictionaries({"hold": SECONDS}),
    st.fixed_dictionaries({"press": st.text("0123456789*#", min_size=1, max_size=4)}),
    st.fixed_dictionaries({"say": WORDS}, optional={"language": st.just("zh"), "confidence": st.just(0.5)}),
)
WANTED: Final = (
    WORDS
    | WORDS.map(lambda text: {"text": text})
    | st.sampled_from(["one.*two", "t(wo|hree)$", "^two"]).map(lambda text: {"pattern": text})
)


def _waiting(steps: SearchStrategy[Plain]) -> SearchStrategy[Plain]:
    some = st.lists(steps, max_size=2)
    return st.fixed_dictionaries({"when_heard": WANTED}, optional={"steps": some, "otherwise": some})


STEP: Final = st.recursive(SIMPLE, lambda inner: inner | _waiting(inner), max_leaves=6)
SCRIPT: Final = st.lists(STEP | _waiting(STEP) | st.just({"hangup": True}), max_size=5).map(tuple)
BEGUN: Final = st.builds(
    far_end.begin,
    st.builds(
        Behaviour,
        outcome=st.sampled_from([Outcome.HUMAN, Outcome.MACHINE, Outcome.FAX]),
        greeting=st.sampled_from([None, "", "one"]),
        beep=st.booleans(),
        hangs_up_after=st.none() | st.integers(0, 9_000),
        script=SCRIPT,
    ),
    st.just(BEGIN),
    inbound=st.booleans(),
    patient=st.booleans(),
)
DEED: Final[SearchStrategy[Callable[[FarEnd, int], FarEnd]]] = st.one_of(
    st.builds(lambda text, ms: lambda far, at: far_end.hear(far, at, ms, text), WORDS, st.integers(0, 4_000)),
    st.just(far_end.hush),
    st.builds(lambda text: lambda far, at: far_end.say(far, at, text), WORDS),
    st.builds(lambda keys: lambda far, at: far_end.press(far, at, keys), st.text("12", max_size=3)),
    st.builds(lambda on: lambda far, at: far_end.hold(far, at, on), st.booleans()),
)
DEEDS: Final = st.lists(st.tuples(st.integers(BEGIN, 12_000), DEED), max_size=6).map(
    lambda found: sorted(found, key=lambda each: each[0])
)


def _stored(far: FarEnd) -> FarEnd:
    return far_end.unpacked(json.loads(json.dumps(far_end.packed(far))))


def _at_leisure(far: FarEnd, deeds: list[Doing]) -> tuple[FarEnd, list[Act]]:
    """Woken only when something is done to it, and at the end of time."""
    acts: list[Act] = []
    for at, deed in deeds:
        far, done = far_end.wake(far, at)
        acts.extend(done)
        far = deed(far, at)
    far, done = far_end.wake(far, NEVER)
    return far, [*acts, *done]


def _when_due(far: FarEnd, until: int) -> tuple[FarEnd, list[Act]]:
    acts: list[Act] = []
    for _ in range(1_000):
        due = far_end.due(far)
        if due is None or due > until:
            break
        far, done = far_end.wake(_stored(far), due)
        acts.extend(done)
    else:
        raise AssertionError("It never comes to rest.")
    far, none = far_end.wake(far, until)
    assert none == ()
    return far, acts


def _at_every_turn(far: FarEnd, deeds: list[Doing]) -> tuple[FarEnd, list[Act]]:
    """Woken whenever it is due, and stored between."""
    acts: list[Act] = []
    for at, deed in deeds:
        far, done = _when_due(far, at)
        acts.extend(done)
        far = _stored(deed(far, at))
    far, done = _when_due(far, NEVER)
    return far, [*acts, *done]


@given(BEGUN, DEEDS)
def test_it_does_the_same_at_any_pace_and_comes_to_rest(far: FarEnd, deeds: list[Doing]) -> None:
    ended, acts = _at_leisure(far, deeds)
    assert (ended, acts) == _at_every_turn(far, deeds)
    assert far_end.due(ended) is None
    assert [each.at for each in acts] == sorted(each.at for each in acts)
    assert all(each.at >= BEGIN for each in acts)


@given(BEGUN, DEEDS)
def test_one_mouth_says_one_thing_at_a_time(far: FarEnd, deeds: list[Doing]) -> None:
    free = 0
    for each in _at_leisure(far, deeds)[1]:
        if isinstance(each, far_end.Says):
            assert each.at >= free
            free = each.at + each.ms


@given(BEGUN, DEEDS)
def test_what_is_stored_comes_back(far: FarEnd, deeds: list[Doing]) -> None:
    for at, deed in deeds:
        far = deed(far, at)
        assert _stored(far) == far
