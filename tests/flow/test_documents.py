"""What a customer's server may answer, and what becomes of the call then."""

from __future__ import annotations

import json

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.flow.commands import Lost, Page, Sound
from telefonie.flow.effects import Ask, Purpose
from tests.support.meetings import Meetings
from tests.support.play import Play, Played, page

SORRY = "We are sorry, an application error has occurred. Goodbye."
GOOD = "<Response><Say>Good</Say></Response>"


def play_of(answer: object, **pages: object) -> tuple[Play, Played]:
    play = Play({"/": answer, **{f"/{name}": each for name, each in pages.items()}})  # type: ignore[dict-item,misc]
    call = play.call()
    play.finish()
    return play, call


@pytest.mark.parametrize(
    "content_type", ["text/xml", "application/xml", "text/html", "TEXT/XML; charset=utf-8"]
)
def test_markup_is_run(content_type: str) -> None:
    _, call = play_of(page(GOOD, content_type=content_type))
    assert call.said == ["Good"]


def test_plain_text_is_said_then_the_call_ends() -> None:
    _, call = play_of(page("Just some words.", content_type="text/plain"))
    assert call.said == ["Just some words."]
    assert call.status is Status.COMPLETED


def test_plain_text_that_is_a_document_is_run() -> None:
    _, call = play_of(page(GOOD, content_type="text/plain"))
    assert call.said == ["Good"]


def test_sound_is_played_then_the_call_ends() -> None:
    sound = Page(200, "audio/mpeg", b"", "https://app.test/hello.mp3")
    play = Play({"/": sound, "/hello.mp3": Sound(200, 7_000)})
    call = play.call()
    play.finish()
    assert call.of(Kind.PLAYED) == [{"url": "https://app.test/hello.mp3", "what": "file", "ms": 7_000}]
    assert call.call.ended_at == call.call.answered_at + 7_000  # type: ignore[operator]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (page(GOOD, content_type="application/pdf"), 12300),
        (Page(200, "", GOOD.encode(), ""), 12300),
        (page("<Response><Say>", content_type="text/xml"), 12100),
        (page("<Answer/>", content_type="text/xml"), 12100),
        (page('{"action": "talk"}', content_type="application/json"), 12100),
        (page("", content_type="text/xml"), 12100),
        (Page(200, "text/xml", b"<Response>" + b" " * 70_000 + b"</Response>", ""), 11750),
        (Lost(11200, "no", 404), 11200),
        (Lost(11205, "no"), 11205),
    ],
)
def test_what_cannot_be_run_is_told_and_the_fallback_is_asked(answer: object, code: int) -> None:
    play, call = play_of(answer)
    assert call.warned == [code]
    assert call.said == [SORRY]
    assert (call.status, call.call.cause) == (Status.COMPLETED, Cause.DOCUMENT_FAILED)

    play = Play({"/": answer, "/fallback": GOOD})  # type: ignore[dict-item]
    call = play.call(fallback_url="https://app.test/fallback")
    play.finish()
    assert call.said == ["Good"]
    fallback = play.asked[1]
    assert (fallback.purpose, fallback.error_code, fallback.error_url) == (
        Purpose.FALLBACK,
        code,
        "https://app.test/",
    )


def test_a_fallback_that_fails_is_not_asked_again() -> None:
    play = Play({"/": Lost(11200, "no", 500), "/fallback": Lost(11200, "no", 500)})
    call = play.call(fallback_url="https://app.test/fallback")
    play.finish()
    assert play.fetched == ["/", "/fallback"]
    assert call.said == [SORRY]
    assert call.call.cause is Cause.DOCUMENT_FAILED


def test_a_document_of_the_fallback_may_fail_over_again_later() -> None:
    play = Play({"/": Lost(11200, "no", 500), "/fallback": "<Response><Redirect>/gone</Redirect></Response>"})
    play.call(fallback_url="https://app.test/fallback")
    play.pass_time(5)
    assert play.fetched[:4] == ["/", "/fallback", "/gone", "/fallback"]


def test_relative_urls_lead_from_where_the_document_was_found() -> None:
    moved = page("<Response><Redirect>two</Redirect></Response>", url="https://other.test/deep/one")
    play = Play({"/": moved, "https://other.test/deep/two": GOOD})
    call = play.call()
    play.finish()
    assert play.asked[-1].url == "https://other.test/deep/two"
    assert call.said == ["Good"]


def test_warnings_stand_on_the_timeline_with_their_place_and_the_rest_runs() -> None:
    _, call = play_of("<Response>\n <Sing>La</Sing>\n <Say pitch='high'>Good</Say></Response>")
    assert [(each["code"], each["line"], each["column"]) for each in call.of(Kind.WARNED)] == [
        (12200, 2, 2),
        (12200, 3, 2),
    ]
    assert call.said == ["Good"]


def test_loops_that_take_no_time_are_paced_and_end_after_a_thousand_documents() -> None:
    play = Play(
        {
            "/": "<Response><Redirect>/b</Redirect></Response>",
            "/b": "<Response><Redirect>/</Redirect></Response>",
        }
    )
    call = play.call()
    assert 10 <= len(play.asked) <= 12
    play.pass_time(10)
    assert 20 <= len(play.asked) <= 22
    play.finish()
    assert len(play.asked) == 1_001
    assert call.warned == [11215]
    assert (call.said, call.call.cause) == ([SORRY], Cause.DOCUMENT_FAILED)


def test_they_are_paced_too_when_nothing_comes_of_every_other_request() -> None:
    gone, again = ({"action": "notify", "eventUrl": [path], "payload": {}} for path in ("/gone", "/"))
    play = Play({"/": json.dumps([gone, again])})
    play.call()
    play.pass_time(20)
    assert 30 <= len(play.asked) <= 32


def test_loops_that_take_time_are_not_paced() -> None:
    asked: list[int] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.at)
        return "<Response><Pause length='1'/><Redirect/></Response>"

    play = Play({"/": answer})
    play.call()
    play.pass_time(100)
    assert len(asked) == 101


def test_a_call_in_that_no_document_answers_hears_that_something_went_wrong() -> None:
    play = Play({"/": Lost(11200, "no", 500)})
    call = play.arrive()
    play.finish()
    assert (call.status, call.said) == (Status.COMPLETED, [SORRY])


def test_a_call_in_with_an_empty_document_is_picked_up_and_put_down() -> None:
    play = Play()
    call = play.arrive("<Response/>")
    play.finish()
    assert (call.status, call.call.answered_at) == (Status.COMPLETED, call.call.created_at)


def test_documents_that_pass_the_time_of_waiting_do_not_count() -> None:
    wait = "<Response><Pause length='1'/></Response>"
    play = Play({"/wait": wait, "/after": "<Response><Say>After</Say></Response>"})
    play.meet = Meetings()
    call = play.call("<Response><Enqueue waitUrl='/wait' action='/after'>sales</Enqueue></Response>")
    play.pass_time(1_500)
    assert play.fetched.count("/wait") > 1_000
    call.tell(Redirect("https://app.test/after", "POST"))
    play.pass_time(60)
    assert call.said == ["After"]
    assert call.warned == []
