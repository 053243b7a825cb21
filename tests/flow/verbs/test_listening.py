"""Whatever a far end does, listening ends, and reports once at most what really came."""

from __future__ import annotations

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Step
from tests.support.play import EMPTY, Play

_STEPS: Final[SearchStrategy[Step]] = st.one_of(
    st.sampled_from([0.0, 0.2, 1.0, 1.9, 2.0, 4.0]).map(lambda seconds: {"wait": seconds}),
    st.text("012#*", min_size=1, max_size=4).map(lambda digits: {"press": digits}),
    st.sampled_from(["Yes", "I would like to speak with somebody", "No, thank you"]).map(
        lambda text: {"say": text}
    ),
    st.sampled_from([0.5, 3.0]).map(lambda seconds: {"hold": seconds}),
)
_FLAGS: Final = st.sampled_from(["true", "false"])
_GATHERS: Final = st.fixed_dictionaries(
    {
        "input": st.sampled_from(["dtmf", "speech", "dtmf speech"]),
        "timeout": st.sampled_from(["1", "2", "5"]),
        "numDigits": st.sampled_from(["1", "2", "5"]),
        "finishOnKey": st.sampled_from(["", "#", "*"]),
        "speechTimeout": st.sampled_from(["auto", "2"]),
        "maxSpeechTime": st.sampled_from(["1", "60"]),
        "bargeIn": _FLAGS,
        "actionOnEmptyResult": _FLAGS,
    }
)
_PROMPTS: Final = st.lists(
    st.sampled_from(["<Say>Press one</Say>", "<Pause/>", "<Say loop='2'>Hi</Say>", "<Pause length='0'/>"]),
    max_size=3,
)


@settings(deadline=None, max_examples=120)
@given(_GATHERS, _PROMPTS, st.lists(_STEPS, max_size=8))
def test_listening_ends_and_reports_what_came(
    options: dict[str, str], prompts: list[str], script: list[Step]
) -> None:
    attributes = " ".join(f"{name}='{value}'" for name, value in options.items())
    play = Play({"/got": EMPTY})
    call = play.call(
        f"<Response><Gather action='/got' {attributes}>{''.join(prompts)}</Gather></Response>",
        phone=Behaviour(greeting=""),
        script=script,
    )
    play.finish()
    assert call.over
    (fact,) = call.of(Kind.GATHERED)
    pressed = "".join(str(each["digits"]) for each in call.of(Kind.PRESSED))
    said = " ".join(str(each["text"]) for each in call.of(Kind.SAID, Actor.FAR_END))
    digits, speech = str(fact.get("digits", "")), str(fact.get("speech", ""))
    assert not (digits and speech)
    assert digits in pressed
    assert speech in said
    assert len(digits) <= int(options["numDigits"])
    assert not options["finishOnKey"] or options["finishOnKey"] not in digits
    wanted = bool(digits or speech or options["actionOnEmptyResult"] == "true")
    assert [path for path, _ in play.actions] == ["/got"] * wanted
    assert not digits or "dtmf" in options["input"]
    assert not speech or "speech" in options["input"]
