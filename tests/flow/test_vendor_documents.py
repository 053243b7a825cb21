"""Documents made by the vendors' own packages, with every attribute that these know, are read without a remark.

The tables below must name each method and each of its parameters: when a package learns a new one, this fails.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from pydantic import BaseModel
from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse
from vonage_voice.models import ncco
from vonage_voice.models.common import AdvancedMachineDetection, WebsocketAuthorization
from vonage_voice.models.connect_endpoints import (
    AppEndpoint,
    OnAnswer,
    PhoneEndpoint,
    SipEndpoint,
    VbcEndpoint,
    WebsocketEndpoint,
)
from vonage_voice.models.input_types import Dtmf, Speech

from telefonie.flow.commands import Sound
from telefonie.flow.content import decode
from telefonie.flow.read import read
from tests.support.play import EMPTY, JSON, ROOT, XML, Answer, Play

PAGES: Final[Mapping[str, Answer]] = {
    "/": EMPTY,
    "/done": EMPTY,
    "/status": EMPTY,
    "/wait": "<Response><Pause length='5'/></Response>",
    "/whisper": EMPTY,
    "/sound.mp3": Sound(200, 3_000),
}
LEG: Final = "63f61863-4a51-4f6b-86e1-46edebcf9356"
STATES: Final = "initiated ringing answered completed"
RECORDED: Final = "in-progress completed absent"

# A legal value for each parameter, whichever method has it; and those that differ from one to another.
VALUES: Final[Mapping[str, Any]] = {
    "action": "/done",
    "action_on_empty_result": True,
    "amd_status_callback": "/status",
    "amd_status_callback_method": "GET",
    "answer_on_bridge": True,
    "attempt": "1 2",
    "audio_format": "mulaw",
    "bank_account_type": "consumer-checking",
    "barge_in": True,
    "beep": "onEnter",
    "byoc": "BY1",
    "caller_id": "+3197010280",
    "card_type": "visa",
    "channels": "dual",
    "charge_amount": "20.45",
    "coach": "CA1",
    "code": "nl-NL",
    "connector_name": "Connector",
    "currency": "eur",
    "customer_id": "C1",
    "debug": True,
    "description": "Lunch",
    "digits": "1w2",
    "end_conference_on_exit": True,
    "enhanced": True,
    "error_type": "timeout",
    "event_callback_url": "/status",
    "events": "call-progress-event",
    "finish_on_key": "#",
    "for_": "payment-card-number",
    "hangup_on_star": True,
    "hints": "yes, no",
    "input": "dtmf speech",
    "jitter_buffer_size": "small",
    "language": "nl-NL",
    "length": 3,
    "loop": 2,
    "machine_detection": "Enable",
    "machine_detection_silence_timeout": 5000,
    "machine_detection_speech_end_threshold": 1200,
    "machine_detection_speech_threshold": 2400,
    "machine_detection_timeout": 30,
    "max_attempts": 2,
    "max_length": 60,
    "max_participants": 10,
    "max_queue_size": 50,
    "max_speech_time": 30,
    "message": "Hello there",
    "method": "GET",
    "min_postal_code_length": 4,
    "muted": False,
    "name": "blue",
    "num_digits": 4,
    "number": "+31201234567",
    "partial_result_callback": "/status",
    "partial_result_callback_method": "GET",
    "enable_automatic_punctuation": True,
    "partial_results": True,
    "participant_label": "me",
    "payment_connector": "Default",
    "payment_method": "credit-card",
    "phone_number": "+31201234567",
    "play_beep": True,
    "post_work_activity_sid": "WA1",
    "postal_code": "94109",
    "priority": 1,
    "profanity_filter": False,
    "reason": "busy",
    "record": "record-from-answer",
    "recording_configuration_id": "RC1",
    "recording_status_callback": "/status",
    "recording_status_callback_event": RECORDED,
    "recording_status_callback_method": "GET",
    "recording_track": "both",
    "refer_method": "GET",
    "refer_url": "/done",
    "region": "us1",
    "require_matching_inputs": True,
    "reservation_sid": "WR1",
    "ring_tone": "nl",
    "sample_rate": "8000",
    "security_code": True,
    "send_digits": "1w2",
    "sequential": False,
    "sip_url": "sip:bob@example.test",
    "speech_model": "phone_call",
    "speech_timeout": "auto",
    "start_conference_on_enter": True,
    "status_callback": "/status",
    "status_callback_event": STATES,
    "status_callback_method": "GET",
    "status_callback_url": "/status",
    "time_limit": 60,
    "timeout": 10,
    "token_type": "one-time",
    "track": "inbound_track",
    "transcribe": True,
    "transcribe_callback": "/status",
    "trim": "trim-silence",
    "url": "/whisper",
    "username": "bob",
    "password": "secret",
    "valid_card_types": "visa amex",
    "value": "1",
    "voice": "Polly.Lotte",
    "wait_method": "GET",
    "wait_url": "/wait",
    "wait_url_method": "GET",
    "workflow_sid": None,  # a queue of that vendor's own, which takes the place of the name
    "passports": "P1",
}
SOCKET: Final = "wss://bot.test/talk"
OWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "VoiceResponse.play": {"url": "/sound.mp3", "digits": None},
    "VoiceResponse.redirect": {"url": "/done"},
    "VoiceResponse.dial": {"number": None},
    "VoiceResponse.pay": {"input": "dtmf"},
    "Gather.play": {"url": "/sound.mp3", "digits": None},
    "Dial.conference": {
        "status_callback_event": "start end join leave mute hold speaker",
        "wait_url": "/wait",
        "recording_status_callback_event": RECORDED,
        "coach": LEG,
        "record": "record-from-start",
    },
    "Start.stream": {"url": SOCKET},
    "Start.recording": {"track": "both"},
    "Stop.stream": {"url": SOCKET},
    "Connect.stream": {"url": SOCKET},
    "Connect.conversation_relay": {"url": SOCKET},
}


def fill(owner: TwiML, method: str, **given: Any) -> Any:
    """Call a method with a legal value for every parameter that it names."""
    called = f"{type(owner).__name__}.{method}"
    function = getattr(owner, method)
    known = {**VALUES, **OWN.get(called, {}), **given}
    free = called.startswith(FREE)
    names = [name for name in inspect.signature(function).parameters if name != "kwargs"]
    return function(**{name: known.get(name, "x") if free else known[name] for name in names})


# What these name has no effect here, so any value will do.
FREE: Final = ("Connect.", "ConversationRelay.", "Start.transcription", "Stop.transcription")


def alone(method: str) -> Callable[[VoiceResponse], object]:
    return lambda response: fill(response, method)


def say(response: VoiceResponse) -> None:
    one = fill(response, "say")
    one.break_(strength="weak", time="10ms")
    one.emphasis("Very", level="strong")
    one.lang("Hallo", xml_lang="nl-NL")
    one.p("A paragraph")
    one.phoneme("tomato", alphabet="ipa", ph="t")
    one.prosody("Slow", volume="soft", rate="slow", pitch="low")
    one.s("A sentence")
    one.say_as("12", interpret_as="cardinal")
    one.sub("W3C", alias="World Wide Web Consortium")
    one.w("read", role="amazon:VB")


def gather(response: VoiceResponse) -> None:
    one = fill(response, "gather")
    for each in ("say", "pause", "play"):
        fill(one, each)


def dial(*nouns: str) -> Callable[[VoiceResponse], object]:
    def build(response: VoiceResponse) -> None:
        one = fill(response, "dial")
        for each in nouns:
            fill(one, each)

    return build


def dial_client(response: VoiceResponse) -> None:
    client = fill(fill(response, "dial"), "client", identity=None)
    client.identity("bob")
    client.parameter(name="a", value="1")


def pay(response: VoiceResponse) -> None:
    one = fill(response, "pay")
    prompt = fill(one, "prompt")
    prompt.say("Your card")
    fill(one, "parameter")


def start(response: VoiceResponse) -> None:
    one = fill(response, "start")
    for each in ("stream", "siprec", "transcription"):
        fill(fill(one, each), "parameter")
    fill(one, "recording")


def start_transcription(response: VoiceResponse) -> None:
    fill(fill(fill(response, "start"), "transcription"), "config")


def stop(response: VoiceResponse) -> None:
    one = response.stop()
    for each in ("stream", "siprec", "transcription"):
        fill(one, each)


def connect(noun: str, *inside: str) -> Callable[[VoiceResponse], object]:
    def build(response: VoiceResponse) -> None:
        one = fill(fill(response, "connect"), noun)
        for each in inside:
            fill(one, each)

    return build


def refer(response: VoiceResponse) -> None:
    fill(fill(response, "refer"), "sip")


XML_DOCUMENTS: Final[Mapping[str, Callable[[VoiceResponse], object]]] = {
    **{name: alone(name) for name in ("echo", "enqueue", "hangup", "leave", "pause", "play", "record")},
    **{name: alone(name) for name in ("redirect", "reject")},
    "sms": lambda response: fill(response, "sms", to="+31201234567", from_="+3197010280"),
    "say": say,
    "gather": gather,
    "dial": lambda response: fill(response, "dial", number="+31201234567"),
    "dial number": dial("number", "number"),
    "dial sip": dial("sip"),
    "dial client": dial_client,
    "dial queue": dial("queue"),
    "dial conference": dial("conference"),
    "pay": pay,
    "refer": refer,
    "start": start,
    "start transcription": start_transcription,
    "stop": stop,
    "connect stream": connect("stream", "parameter"),
    "connect conversation_relay": connect("conversation_relay", "language", "parameter"),
    "connect virtual_agent": connect("virtual_agent", "config", "parameter"),
    **{f"connect {noun}": connect(noun) for noun in ("room", "autopilot", "conversation", "ai_session")},
    "connect conversation_relay_session": connect("conversation_relay_session"),
}
NOT_SERVED: Final = {"prompt", "queue"}  # no verbs of calls


def test_no_verb_of_the_package_is_forgotten() -> None:
    own = {name for name, each in vars(VoiceResponse).items() if callable(each) and not name.startswith("_")}
    assert own - {name.partition(" ")[0] for name in XML_DOCUMENTS} == NOT_SERVED


@pytest.mark.parametrize("name", XML_DOCUMENTS)
def test_xml_is_read_without_a_remark_and_runs_to_an_end(name: str) -> None:
    response = VoiceResponse()
    XML_DOCUMENTS[name](response)
    document = response.to_xml()
    assert read(decode(XML, document.encode()), ROOT).remarks == ()
    play = Play({**PAGES, "/start": document})
    call = play.call(document_url=f"{ROOT}start", script=({"wait": 100}, {"hangup": True}))
    play.pass_time(15_000)
    assert call.over
    assert call.steps[0].lower() == name.partition(" ")[0]


@pytest.mark.parametrize("name", sorted(NOT_SERVED))
def test_what_is_no_verb_of_calls_is_warned_of(name: str) -> None:
    response = VoiceResponse()
    fill(response, name, to="+31201234567", from_="+3197010280", url=None)
    assert {each.code for each in read(decode(XML, response.to_xml().encode()), ROOT).remarks} == {12200}


# -- JSON --

EVENTS: Final[Mapping[str, Any]] = {"eventUrl": [f"{ROOT}done"], "eventMethod": "POST"}
CONNECT: Final[Mapping[str, Any]] = {
    "eventType": "synchronous",
    "timeout": 30,
    "limit": 60,
    "machineDetection": "continue",
    "advancedMachineDetection": AdvancedMachineDetection(behavior="continue", mode="detect", beep_timeout=45),
    "ringbackTone": [f"{ROOT}sound.mp3"],
    **EVENTS,
}
PHONE: Final = PhoneEndpoint(
    number="31201234567",
    dtmfAnswer="1p2",
    onAnswer=OnAnswer(url=f"{ROOT}whisper", ringbackTone=f"{ROOT}sound.mp3"),
    shaken="eyJ",
)
SOCKETS: Final = WebsocketEndpoint(
    uri=SOCKET,
    contentType="audio/l16;rate=16000",
    headers={"a": "1"},
    authorization=WebsocketAuthorization(type="custom", value="Bearer x"),
)
JSON_DOCUMENTS: Final[Mapping[str, BaseModel]] = {
    "record": ncco.Record(
        format="mp3",
        split="conversation",
        channels=2,
        endOnSilence=3,
        endOnKey="#",
        timeOut=30,
        beepStart=True,
        **EVENTS,
    ),
    "conversation": ncco.Conversation(
        name="blue",
        musicOnHoldUrl=[f"{ROOT}sound.mp3"],
        startOnEnter=True,
        endOnExit=True,
        record=True,
        canSpeak=[LEG],
        canHear=[LEG],
        mute=False,
        **EVENTS,
    ),
    "connect phone": ncco.Connect(endpoint=[PHONE], from_="3197010280", **CONNECT),
    "connect random": ncco.Connect(endpoint=[PHONE], randomFromNumber=True, **CONNECT),
    "connect app": ncco.Connect(endpoint=[AppEndpoint(user="bob")], from_="3197010280", **CONNECT),
    "connect websocket": ncco.Connect(endpoint=[SOCKETS], from_="3197010280", **CONNECT),
    "connect sip": ncco.Connect(
        endpoint=[
            SipEndpoint(
                uri="sip:bob@example.com", headers={"a": "1"}, standardHeaders={"User-to-User": "342342ef34"}
            )
        ],
        from_="3197010280",
        **CONNECT,
    ),
    "connect vbc": ncco.Connect(endpoint=[VbcEndpoint(extension="123")], from_="3197010280", **CONNECT),
    "talk": ncco.Talk(
        text="Hello", bargeIn=False, loop=2, level=0.5, language="nl-NL", style=1, premium=True
    ),
    "stream": ncco.Stream(streamUrl=[f"{ROOT}sound.mp3"], level=-0.5, bargeIn=False, loop=2),
    "input": ncco.Input(
        type=["dtmf", "speech"],
        dtmf=Dtmf(timeOut=5, maxDigits=4, submitOnHash=True),
        speech=Speech(
            uuid=[LEG],
            endOnSilence=1.5,
            language="nl-NL",
            context=["yes", "no"],
            startTimeout=5,
            maxDuration=30,
            saveAudio=True,
            sensitivity=50,
        ),
        **EVENTS,
    ),
    "notify": ncco.Notify(payload={"a": {"b": [1]}}, **EVENTS),
    "wait": ncco.Wait(timeout=2.5),
    "transfer": ncco.Transfer(conversationId=f"CON-{LEG}", canHear=[LEG], canSpeak=[LEG], mute=False),
}


def test_no_action_and_no_option_of_the_package_is_forgotten() -> None:
    actions = {
        each for each in vars(ncco).values() if inspect.isclass(each) and issubclass(each, ncco.NccoAction)
    }
    assert {type(each) for each in JSON_DOCUMENTS.values()} == actions - {ncco.NccoAction}
    either = {"from_", "randomFromNumber"}
    for each in JSON_DOCUMENTS.values():
        unset = {name for name in type(each).model_fields if getattr(each, name) is None}
        assert unset <= either, each


@pytest.mark.parametrize("name", JSON_DOCUMENTS)
def test_json_is_read_without_a_remark_and_runs_to_an_end(name: str) -> None:
    action = JSON_DOCUMENTS[name].model_dump(mode="json", by_alias=True, exclude_none=True)
    document = json.dumps([action])
    assert read(decode(JSON, document.encode()), ROOT).remarks == ()
    play = Play({**PAGES, "/start": document})
    call = play.call(document_url=f"{ROOT}start", script=({"wait": 100}, {"hangup": True}))
    play.pass_time(15_000)
    assert call.over
    assert call.steps[0] == name.partition(" ")[0]


# -- and they do what they say --


def test_a_menu_made_by_the_package_is_walked_through() -> None:
    menu = VoiceResponse()
    menu.gather(num_digits=1, action="/choice", timeout=3).say("Press one to leave a message")
    menu.say("Goodbye")
    message = VoiceResponse()
    message.say("After the beep, please")
    message.record(max_length=10, finish_on_key="#", action="/thanks", play_beep=True)
    thanks = VoiceResponse()
    thanks.say("Thank you")
    thanks.hangup()
    pages = {"/choice": message.to_xml(), "/thanks": thanks.to_xml()}
    script = ({"when_heard": "leave a message", "steps": [{"press": "1"}]}, {"wait": 4}, {"press": "#"})
    play = Play(pages)
    call = play.call(menu.to_xml(), script=script)
    play.finish()
    assert call.said == ["Press one to leave a message", "After the beep, please", "Thank you"]
    assert [(path, outcome["digits"]) for path, outcome in play.actions] == [
        ("/choice", "1"),
        ("/thanks", "#"),
    ]
    assert call.warned == []


def test_actions_made_by_the_package_are_walked_through() -> None:
    actions = [
        ncco.Talk(text="Say your name"),
        ncco.Record(endOnSilence=3, eventUrl=[f"{ROOT}recorded"]),
        ncco.Notify(payload={"step": "asked"}, eventUrl=[f"{ROOT}notified"]),
        ncco.Talk(text="Never said"),
    ]
    dumped = [each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in actions]
    answer = ncco.Talk(text="Bye").model_dump(mode="json", by_alias=True, exclude_none=True)
    play = Play({"/recorded": "", "/notified": json.dumps([answer])})
    call = play.call(json.dumps(dumped), script=({"when_heard": "your name", "steps": [{"say": "Jan"}]},))
    play.finish()
    assert call.said == ["Say your name", "Bye"]
    assert play.fetched == ["/", "/recorded", "/notified"]
    assert call.warned == []
