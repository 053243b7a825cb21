"""Whatever is dialled, and however those who are called behave: what is true of every Dial."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from telefonie.core.commands import Leave, Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Outcome
from tests.support.play import Play, Played

PHONES = st.builds(
    Behaviour,
    outcome=st.sampled_from(Outcome),
    rings_after=st.sampled_from([0, 1_000, 3_000]),
    answers_after=st.sampled_from([0, 2_000, 2_500, 20_000]),
    hangs_up_after=st.sampled_from([None, 0, 1_000, 40_000]),
    script=st.sampled_from(
        [(), ({"wait": 5}, {"say": "Bye"}, {"hangup": True}), ({"when_heard": "x", "steps": ()},)]
    ),
)
WHISPERS = st.sampled_from(["", " url='/short'", " url='/long'", " url='/no'", " url='/gone'"])
NOUNS = st.lists(st.tuples(st.booleans(), PHONES, WHISPERS), max_size=4)
ATTRIBUTES = st.tuples(
    st.sampled_from(["", " sequential='true'"]),
    st.sampled_from(["", " answerOnBridge='true'"]),
    st.sampled_from(["", " timeout='5'"]),
    st.sampled_from(["", " timeLimit='3'"]),
    st.sampled_from(["", " hangupOnStar='true'"]),
    st.sampled_from(["", " record='record-from-ringing'"]),
).map("".join)
WHAT = st.sampled_from(["", "leave", "star", "redirect", "leg redirect", "leg leaves"])


def _noun(number: str, *, dialled: bool, whisper: str) -> str:
    return f"<Number{whisper}>{number if dialled else 'nobody'}</Number>"


def _dialling(nouns: list[tuple[bool, Behaviour, str]], attributes: str, *, inbound: bool) -> Played:
    play = Play(
        {
            "/after": "<Response><Pause length='2'/></Response>",
            "/else": "<Response><Pause length='2'/></Response>",
            "/short": "<Response><Say>You</Say></Response>",
            "/long": "<Response><Pause length='4'/></Response>",
            "/no": "<Response><Hangup/></Response>",
        }
    )
    inner = ""
    for count, (dialled, phone, whisper) in enumerate(nouns):
        number = f"+3161234560{count}"
        play.phones[number] = phone
        inner += _noun(number, dialled=dialled, whisper=whisper)
    document = f"<Response><Dial action='/after'{attributes}>{inner}</Dial></Response>"
    return play.arrive(document) if inbound else play.call(document)


def _happens(call: Played, what: str) -> None:
    legs = [each for each in call.play.legs_of(call) if not each.over and each.call.answered_at is not None]
    if what == "leave" and not call.over:
        call.tell(Leave())
    if call.over or call.call.answered_at is None:
        return
    if what == "star":
        call.press("*")
    elif what == "redirect":
        call.tell(Redirect("https://app.test/else", "POST"))
    elif what == "leg redirect" and legs:
        legs[0].tell(Redirect("https://app.test/else", "POST"))
    elif what == "leg leaves" and legs:
        legs[-1].tell(Leave())


def _never_two_at_once(call: Played) -> None:
    connected: list[object] = []
    for each in call.events:
        if each.kind is Kind.CONNECTED:
            connected.append(each.data["call_id"])
        if each.kind is Kind.PARTED:
            connected.remove(each.data["call_id"])
        assert len(connected) <= 1
    assert connected == []


@settings(max_examples=150, deadline=None)
@given(
    NOUNS,
    ATTRIBUTES,
    st.booleans(),
    st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.5, 7.0]), WHAT), max_size=4),
)
def test_one_at_a_time_is_connected_all_end_and_the_customer_is_asked_once(
    nouns: list[tuple[bool, Behaviour, str]],
    attributes: str,
    inbound: bool,  # noqa: FBT001 - drawn
    happenings: list[tuple[float, str]],
) -> None:
    call = _dialling(nouns, attributes, inbound=inbound)
    play = call.play
    for seconds, what in happenings:
        play.pass_time(seconds)
        _happens(call, what)
    play.pass_time(100_000)
    assert all(each.over for each in play.calls.values())
    _never_two_at_once(call)
    legs = play.legs_of(call)
    assert len({each.id for each in legs}) == len(legs) <= len(nouns)
    if call.call.redirect is None:
        assert len([each for each in play.asked if each.verb == "Dial"]) == 1
    for each in (call, *legs):
        moments = [event.at for event in each.events]
        assert moments == sorted(moments)
    sent_elsewhere = [each for each in legs if each.call.redirect is not None]
    for each in legs:
        if each not in sent_elsewhere:
            assert (each.call.ended_at or 0) <= (call.call.ended_at or 0)
