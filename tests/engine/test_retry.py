"""When a letter is tried again: the schedule, the receiver's own wish, and what is final."""

from __future__ import annotations

from dataclasses import replace

import pytest

from telefonie.engine.letters import Fault, Receipt
from telefonie.engine.ports import Carriage
from telefonie.engine.retry import SCHEDULE, Delivered, GiveUp, Retry, judge, judge_carried

ANSWER = Receipt(
    status=503,
    error="",
    message="",
    request_headers=(),
    response_headers=(),
    body="",
    body_cut=False,
    sent_at=1_700_000_000.0,  # Tue, 14 Nov 2023 22:13:20 GMT
    took_ms=1500.0,
)


def _with(**headers: str) -> Receipt:
    return replace(ANSWER, response_headers=tuple((k.replace("_", "-"), v) for k, v in headers.items()))


def _failed(fault: Fault) -> Receipt:
    return replace(ANSWER, status=None, error=fault, message="what was wrong")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("attempts", [1, 6, 7])
def test_any_2xx_is_success(status: int, attempts: int) -> None:
    assert judge(SCHEDULE, attempts, replace(ANSWER, status=status)) == Delivered()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_429_and_5xx_follow_the_schedule_until_it_is_used_up(status: int) -> None:
    answer = replace(ANSWER, status=status)
    waits = [judge(SCHEDULE, attempts, answer) for attempts in range(1, 6)]
    assert waits == [Retry(1), Retry(5), Retry(30), Retry(120), Retry(600)]
    assert judge(SCHEDULE, 6, answer) == GiveUp(
        f"the receiver answered {status}, and all 6 attempts are used up"
    )


@pytest.mark.parametrize("fault", [Fault.CONNECT, Fault.DNS, Fault.TIMEOUT, Fault.TLS, Fault.PROTOCOL])
def test_without_a_complete_answer_the_schedule_is_followed(fault: Fault) -> None:
    assert judge(SCHEDULE, 2, _failed(fault)) == Retry(5)
    assert judge(SCHEDULE, 6, _failed(fault)) == GiveUp("what was wrong, and all 6 attempts are used up")


HOPELESS = {
    *(Fault.FORBIDDEN_TARGET, Fault.BAD_URL, Fault.BAD_REQUEST),
    *(Fault.REDIRECTS, Fault.TOO_LARGE, Fault.UNPLAYABLE),
}


@pytest.mark.parametrize("fault", sorted(HOPELESS))
def test_what_no_retry_can_mend_is_final(fault: Fault) -> None:
    assert judge(SCHEDULE, 1, _failed(fault)) == GiveUp("what was wrong")


def test_every_fault_has_been_decided_on() -> None:
    verdicts = {fault: judge(SCHEDULE, 1, _failed(fault)) for fault in Fault}
    assert {fault for fault, verdict in verdicts.items() if isinstance(verdict, GiveUp)} == HOPELESS


def test_a_good_status_without_the_rest_of_the_answer_is_no_success() -> None:
    assert judge(SCHEDULE, 1, replace(_failed(Fault.TIMEOUT), status=200)) == Retry(1)


@pytest.mark.parametrize(
    "status", [101, 300, 301, 302, 304, 307, 308, 400, 401, 404, 408, 410, 422, 428, 430, 499]
)
def test_other_answers_are_final(status: int) -> None:
    verdict = judge(SCHEDULE, 1, replace(ANSWER, status=status))
    assert isinstance(verdict, GiveUp)
    assert f"the receiver answered {status}" in verdict.why
    assert ("redirects are not followed" in verdict.why) == (300 <= status < 400)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("0", 0),
        ("7", 7),
        (" 45 ", 45),
        ("600", 600),
        ("601", 600),
        ("86400", 600),
        ("9" * 5000, 600),
        # A date counts from the receiver's own Date header.
        ("Wed, 01 Jan 2020 00:00:45 GMT", 45),
        ("Wed, 01 Jan 2020 09:00:00 GMT", 600),
        ("Tue, 31 Dec 2019 23:59:59 GMT", 0),
        ("Wednesday, 01-Jan-20 00:00:45 GMT", 45),
        ("Wed Jan  1 00:00:45 2020", 45),
        # What cannot be read leaves the schedule as it is.
        ("", 5),
        ("-1", 5),
        ("1.5", 5),
        ("soon", 5),
        ("٣", 5),
        ("Wed, 32 Jan 2020 00:00:45 GMT", 5),
        ("Wed, 01 Jan 99999999999 00:00:45 GMT", 5),
    ],
)
def test_retry_after_takes_the_place_of_the_schedule(asked: str, wait: float) -> None:
    answer = _with(date="Wed, 01 Jan 2020 00:00:00 GMT", Retry_After=asked)
    assert judge(SCHEDULE, 2, answer) == Retry(wait)


def test_a_date_without_a_date_header_counts_from_the_moment_of_the_answer() -> None:
    assert judge(SCHEDULE, 1, _with(retry_after="Tue, 14 Nov 2023 22:14:20 GMT")) == Retry(58.5)


def test_a_senseless_date_header_counts_for_nothing() -> None:
    answer = _with(Date="today", retry_after="Tue, 14 Nov 2023 22:14:20 GMT")
    assert judge(SCHEDULE, 1, answer) == Retry(58.5)


def test_retry_after_gives_no_attempts_beyond_the_schedule() -> None:
    assert isinstance(judge(SCHEDULE, 6, _with(retry_after="1")), GiveUp)


@pytest.mark.parametrize("status", [200, 404])
def test_retry_after_makes_nothing_retried_that_is_not(status: int) -> None:
    assert not isinstance(judge(SCHEDULE, 1, replace(_with(retry_after="1"), status=status)), Retry)


def test_an_account_may_have_its_own_schedule_or_none() -> None:
    assert judge((2.5, 4.0), 2, ANSWER) == Retry(4.0)
    assert isinstance(judge((2.5, 4.0), 3, ANSWER), GiveUp)
    assert isinstance(judge((), 1, ANSWER), GiveUp)


# -- letters with manners of their own --


CARRIAGE = Carriage((), 1.0, 5.0, frozenset({429, 503}), range(200, 206))


@pytest.mark.parametrize(("status", "arrived"), [(200, True), (205, True), (206, False), (299, False)])
def test_a_carriage_says_with_which_status_a_letter_has_arrived(status: int, *, arrived: bool) -> None:
    verdict = judge_carried(CARRIAGE, 1, replace(ANSWER, status=status))
    assert (verdict == Delivered()) is arrived


@pytest.mark.parametrize(
    "receipt", [replace(ANSWER, status=429), ANSWER, _failed(Fault.CONNECT), _failed(Fault.TIMEOUT)]
)
def test_who_was_not_reached_or_wants_to_be_asked_again_is_asked_once_more_at_once(receipt: Receipt) -> None:
    assert judge_carried(CARRIAGE, 1, receipt) == Retry(0)
    assert isinstance(judge_carried(CARRIAGE, 2, receipt), GiveUp)


@pytest.mark.parametrize(
    "receipt",
    [replace(ANSWER, status=status) for status in (206, 301, 404, 500, 502, 504)]
    + [_failed(fault) for fault in Fault if fault not in (Fault.CONNECT, Fault.TIMEOUT)],
)
def test_everything_else_is_final_at_once(receipt: Receipt) -> None:
    assert isinstance(judge_carried(CARRIAGE, 1, receipt), GiveUp)


def test_a_carriage_does_not_wait_because_the_receiver_asks_for_it() -> None:
    assert judge_carried(CARRIAGE, 1, _with(Retry_After="60")) == Retry(0)
