"""What a recording has of a call into which something was said or played, and of one that did not hear others."""

from __future__ import annotations

from telefonie.core.attending import Announce
from telefonie.core.commands import Deafen, HangUp
from telefonie.core.composing import transcript
from telefonie.core.events import Actor
from telefonie.core.phones import Behaviour
from telefonie.core.recordings import Source
from telefonie.flow.commands import SendKeys, Sound, Stream, Talk
from tests.support import scores
from tests.support.meetings import meeting_play
from tests.support.play import Play, Played
from tests.support.scores import Shown, shown

SILENT = Behaviour(greeting="")
LINE = "aa bb cc dd"  # 11 characters, 660 ms: 60 each
WAIT = '{"action": "wait", "timeout": 5}'


def begun(*actions: str, **pages: Sound) -> tuple[Play, Played]:
    play = Play({f"/{name}": each for name, each in pages.items()})
    return play, play.call(f"[{', '.join(actions)}]", phone=SILENT)


def heard(play: Play, call: Played) -> list[Shown]:
    """The side that the far end hears, when all is over."""
    play.finish()
    return [each for each in shown(scores.of(play, scores.whole(call))) if each[0] == 1]


def test_words_are_cut_something_else_is_said_and_the_rest_of_them_follows() -> None:
    play, call = begun(f'{{"action": "talk", "text": "{LINE}"}}')
    play.pass_time(0.2)
    call.tell(Talk("zz"))
    play.pass_time(0)
    found = heard(play, call)
    assert found == [
        (1, 0, 200, "aa"),
        (1, 200, 320, "zz"),
        (1, 320, 800, "bb cc dd"),
    ]
    lines = transcript(scores.of(play, scores.whole(call)))
    assert [(each.text, each.cut) for each in lines] == [("aa", True), ("zz", False), ("bb cc dd", False)]


def test_a_file_goes_on_in_its_middle() -> None:
    play, call = begun('{"action": "stream", "streamUrl": ["/own"]}', own=Sound(200, 3_000, "a1/sounds/own"))
    play.pass_time(1)
    call.tell(Talk("zz"))
    play.finish()
    parts = scores.of(play, scores.whole(call)).parts
    assert [(each.at, each.ms, each.skip) for each in parts] == [
        (0, 1_000, 0),
        (1_000, 120, 0),
        (1_120, 2_000, 1_000),
    ]


def test_a_file_is_played_into_it_as_often_as_asked() -> None:
    play, call = begun(WAIT, file=Sound(200, 500, "a1/sounds/5e"))
    call.tell(Stream("https://app.test/file", loops=2))
    assert heard(play, call) == [(1, 0, 500, "file a1/sounds/5e"), (1, 500, 1_000, "file a1/sounds/5e")]


def test_keys_are_heard_with_their_pauses() -> None:
    play, call = begun(WAIT)
    call.tell(SendKeys("1p2"))
    assert heard(play, call) == [(1, 0, 100, "key 1"), (1, 700, 800, "key 2")]


def test_who_is_deaf_does_not_hear_the_other_but_itself_and_what_is_said_to_it() -> None:
    play, _ = meeting_play()
    play.phones["+31201110001"] = Behaviour(greeting="", script=({"wait": 60},))
    document = '[{"action": "connect", "endpoint": [{"type": "phone", "number": "31201110001"}]}]'
    call = play.call(document, phone=SILENT)
    play.pass_time(10)
    (leg,) = play.legs_of(call)
    leg.speak(LINE)
    play.pass_time(0.3)
    call.tell(Deafen(on=True))
    play.pass_time(1)
    leg.speak(LINE)
    call.tell(Talk("zz"))
    play.pass_time(1)
    call.tell(Deafen(on=False))
    leg.speak(LINE)
    play.pass_time(1)
    call.tell(HangUp(Actor.CUSTOMER))
    found = [each for each in heard(play, call) if each[3] != "ringback"]
    assert found == [(1, 10_000, 10_300, "aa bb"), (1, 11_300, 11_420, "zz"), (1, 12_300, 12_960, LINE)]
    others = shown(scores.of(play, scores.whole(leg)))
    assert [each[3] for each in others if each[0] == 0] == [LINE] * 3


def test_who_is_deaf_in_a_room_hears_nobody_there() -> None:
    play, meetings = meeting_play()
    room = '[{"action": "conversation", "name": "lobby"}]'
    ann, bob = (play.call(room, phone=SILENT) for _ in range(2))
    ann.tell(Deafen(on=True))
    bob.speak(LINE)
    play.pass_time(2)
    ann.tell(Deafen(on=False))
    bob.speak(LINE)
    play.pass_time(2)
    ann.tell(HangUp(Actor.CUSTOMER))
    found = scores.of(play, scores.whole(ann), meetings.rooms)
    start = (bob.call.answered_at or 0) - (ann.call.answered_at or 0)
    assert [each for each in shown(found) if each[0] == 1] == [(1, start + 2_000, start + 2_660, LINE)]


def test_what_is_said_into_one_call_is_no_announcement_to_its_room() -> None:
    play, meetings = meeting_play()
    play.pages["/hear"] = f'[{{"action": "talk", "text": "{LINE}"}}]'
    ann = play.call('[{"action": "conversation", "name": "lobby"}]', phone=SILENT)
    play.pass_time(1)
    meetings.wish(play, "room-1", Announce("https://app.test/hear", "GET"))
    play.pass_time(2)
    ann.tell(Talk("zz"))
    play.pass_time(1)
    ann.tell(HangUp(Actor.CUSTOMER))
    start = ann.call.answered_at or 0
    it = scores.recording(ann.id, start, start + 4_000, room_id="room-1", source=Source.ROOM)
    found = scores.score(it, scores.journals(play), meetings.rooms)
    assert [each for each in shown(found) if each[3] != "beep"] == [(1, 1_000, 1_660, LINE)]
