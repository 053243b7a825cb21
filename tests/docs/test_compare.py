"""The comparison is loose where runs differ, and nowhere else."""

from __future__ import annotations

import pytest

from tests.docs.compare import ends_with, same_http, same_json, same_text

_ONE = "0c5ad6d7-9420-477b-814c-9963133086c6"
_OTHER = "7a1f2f30-6f0c-4f6e-8d6e-2f8f0a4c9a11"


@pytest.mark.parametrize(
    ("shown", "actual"),
    [
        ('{"a": 1}', '{"a":1,"b":2}'),
        (f'{{"id": "{_ONE}"}}', f'{{"id":"{_OTHER}"}}'),
        ('{"at": "2026-01-02T03:04:05.678Z"}', '{"at":"2027-05-06T07:08:09.000Z"}'),
        ('{"at": "2030-01-02T03:04:05.678Z"}', '{"at":"2030-01-02T03:04:05.678Z"}'),
        ('{"secret": "whsec_..."}', '{"secret":"whsec_AbC/+=","more":1}'),
        ('{"a": [{"b": 1}]}\n\n{"c": 2}', '{"a":[{"b":1,"d":3}]}{"c":2}'),
    ],
)
def test_what_is_shown_is_there(shown: str, actual: str) -> None:
    assert same_json(shown, actual) == ""


@pytest.mark.parametrize(
    ("shown", "actual"),
    [
        ('{"a": 1}', '{"a":2}'),
        ('{"a": 1}', '{"b":1}'),
        ('{"a": 1}', '{"a":true}'),
        ('{"a": [1]}', '{"a":[1,2]}'),
        ('{"a": 1}', '{"a":1}{"a":1}'),
        (f'{{"id": "{_ONE}"}}', '{"id":"none"}'),
        ('{"at": "2030-01-02T03:04:05.678Z"}', '{"at":"2030-01-02T03:04:05.679Z"}'),
        ('{"at": "2030-01-02T03:04:05.678Z"}', '{"at":"2026-01-02T03:04:05.678Z"}'),
        ('{"at": "2026-01-02T03:04:05.678Z"}', '{"at":"soon"}'),
    ],
)
def test_what_is_not_there_is_found(shown: str, actual: str) -> None:
    assert same_json(shown, actual)


def test_texts_are_the_same_line_by_line() -> None:
    assert same_text(f"call {_ONE}\n", f"call {_OTHER}") == ""
    assert same_text("one\n", "one\ntwo\n")
    assert ends_with("two\n", "one\ntwo\n")
    assert not ends_with("one\n", "one\ntwo\n")


def test_of_an_answer_the_headers_shown_and_the_body_count() -> None:
    answer = 'HTTP/1.1 201 Created\r\ndate: today\r\nx-ignored-fields: tiemout\r\n\r\n{"a":1}'
    assert same_http('HTTP/1.1 201 Created\nX-Ignored-Fields: tiemout\n\n{"a": 1}', answer) == ""
    assert same_http("HTTP/1.1 200 OK", answer)
    assert same_http("HTTP/1.1 201 Created\nX-Ignored-Fields: other", answer)
    assert same_http('HTTP/1.1 201 Created\n\n{"a": 2}', answer)
