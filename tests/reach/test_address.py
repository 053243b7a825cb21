"""Which URLs can be asked, and how they may be shown."""

from __future__ import annotations

import pytest

from telefonie.reach import BadUrl, masked_url, read_url


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("http://example.com", "example.com", "/"),
        ("HTTPS://EXAMPLE.com:8443/A?b=c&b=d#e", "example.com:8443", "/A?b=c&b=d"),
        ("http://my_service:8000/x", "my_service:8000", "/x"),
        ("http://bücher.example/ü", "xn--bcher-kva.example", "/%C3%BC"),
        ("http://[::1]:81/", "[::1]:81", "/"),
        ("http://127.0.0.1/a%20b", "127.0.0.1", "/a%20b"),
        ("http://１２７.0.0.1/", "127.0.0.1", "/"),  # noqa: RUF001 - the very thing: IDNA makes these ASCII digits
        ("http://user:p%40ss@example.com/x", "example.com", "/x"),
    ],
)
def test_these_can_be_asked(text: str, host: str, path: str) -> None:
    target = read_url(text)
    assert target.host == host
    assert target.url.raw_path_qs == path
    assert target.url.raw_user is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "http:// or https://"),
        ("example.com/x", "http:// or https://"),
        ("//example.com/x", "http:// or https://"),
        ("ftp://example.com/", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("http:///x", "names no host"),
        ("http://@/", "cannot be read"),
        ("http://h:70000/", "cannot be read"),
        ("http://h:x/", "cannot be read"),
        ("http://h:0/", "port 0"),
        ("http://a\\@b/", "cannot be read"),
        ("http://h\r\nX-Evil: 1/", "control character"),
        ("http://h/a\r\nX-Evil: 1", "control character"),
        ("http://h/a\nb", "control character"),
        ("http://h/a\tb", "control character"),
        ("http://h/a b", "blank"),
        ("http://h/\x00", "control character"),
        ("http://h/\ud800", "control character"),
        ("http://h/" + "a" * 8192, "8192 is the most"),
        ("http://h..x/", "neither a name nor an IP address"),
        ("http://exa%6dple/", "neither a name nor an IP address"),
        ("http://-/", "neither a name nor an IP address"),
        ("http://" + "a" * 64 + "/", "neither a name nor an IP address"),
        ("http://" + "a." * 150 + "/", "neither a name nor an IP address"),
        ("http://[1.2.3.4]/", "cannot be read"),
        ("http://[::1%25lo%25]/", "not a correct IPv6 address"),
        # Spellings of 127.0.0.1 that old resolvers understand
        ("http://2130706433/", "four decimal numbers"),
        ("http://0x7f000001/", "four decimal numbers"),
        ("http://0x7f.1/", "four decimal numbers"),
        ("http://0x7f.0x0.0x0.0x1/", "four decimal numbers"),
        ("http://017700000001/", "four decimal numbers"),
        ("http://0177.0.0.1/", "four decimal numbers"),
        ("http://127.1/", "four decimal numbers"),
        ("http://127.0.0.1./", "four decimal numbers"),
        ("http://127.0.0.256/", "four decimal numbers"),
    ],
)
def test_these_cannot_and_the_reason_is_told(text: str, complaint: str) -> None:
    with pytest.raises(BadUrl, match=complaint):
        read_url(text)


@pytest.mark.parametrize("text", ["http://u:hunter2@h:x/", "http://u:hunter2@h/a b", "gopher://u:hunter2@h/"])
def test_the_reason_never_repeats_a_password(text: str) -> None:
    with pytest.raises(BadUrl) as refused:
        read_url(text)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "authorization"),
    [
        ("http://h/", ""),
        ("http://aladdin:opensesame@h/", "Basic YWxhZGRpbjpvcGVuc2VzYW1l"),
        ("http://user@h/", "Basic dXNlcjo="),
        ("http://u:p%40%3Aq@h/", "Basic dTpwQDpx"),
        ("http://zoë:☎@h/", "Basic em/DqzrimI4="),
    ],
)
def test_user_and_password_become_basic_authorization(text: str, authorization: str) -> None:
    assert read_url(text).authorization == authorization


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p@h/x?y=a@b", "https://***@h/x?y=a@b"),
        ("https://u:p@q@h/x", "https://***@h/x"),
        ("https://u@h", "https://***@h"),
        ("https://h/x?mail=a@b", "https://h/x?mail=a@b"),
        ("https://h/@x", "https://h/@x"),
        ("//u:p@h/x", "//***@h/x"),
        ("/relative@x", "/relative@x"),
    ],
)
def test_a_url_is_shown_without_user_and_password(text: str, shown: str) -> None:
    assert masked_url(text) == shown
