"""The only module that words a letter as an HTTP request."""

import re
from typing import Final, NamedTuple

from multidict import istr

from telefonie.engine.letters import Fault, Letter, Want
from telefonie.reach.address import BadUrl, Target, read_url
from telefonie.reach.faults import Complaint
from telefonie.webhooks.masks import Headers, shown
from telefonie.webhooks.sign import signature

_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_METHODS: Final = frozenset({"GET", "POST"})
# They say where the request ends, what the connection is for, or who signed: never the letter's to set.
_NOT_YOURS: Final = frozenset(
    (
        *("connection", "content-length", "expect", "host", "keep-alive"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    )
)
_ACCEPTED: Final = {
    Want.NOTHING: "*/*",
    Want.DOCUMENT: (
        "application/xml, text/xml, application/json, text/html;q=0.8, text/plain;q=0.5, audio/*;q=0.5, */*;q=0.1"
    ),
    Want.SOUND: "audio/*, */*;q=0.1",
}
# With istr aiohttp need not fold the names again for every letter.
_HOST: Final = istr("Host")
_CONTENT_LENGTH: Final = istr("Content-Length")
_ID: Final = istr("webhook-id")
_TIMESTAMP: Final = istr("webhook-timestamp")
_SIGNATURE: Final = istr("webhook-signature")


class Unsendable(Exception):
    """This letter can never be put on the wire."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.complaint = Complaint(fault, message)


class Request(NamedTuple):
    """A letter, ready for the wire."""

    method: str
    target: Target
    headers: Headers  # complete: aiohttp adds none
    body: bytes | None
    shown: Headers  # the same with secrets masked


class Desk:
    """Words letters, always with the same first headers."""

    def __init__(self, user_agent: str) -> None:
        # An answer is asked for unpacked: it is small, and then nothing can swell while it is unpacked.
        self._asking: dict[Want, Headers] = {
            want: (
                (istr("User-Agent"), user_agent),
                (istr("Accept"), accepted),
                (istr("Accept-Encoding"), "identity"),
            )
            for want, accepted in _ACCEPTED.items()
        }
        as_json = (istr("Content-Type"), "application/json")
        self._telling: dict[Want, Headers] = {
            want: (*headers, as_json) for want, headers in self._asking.items()
        }

    def word(self, letter: Letter, now: float) -> Request:
        """The request for this attempt; raises Unsendable."""
        try:
            target = read_url(letter.url)
        except BadUrl as bad:
            raise Unsendable(Fault.BAD_URL, str(bad)) from None
        if letter.method not in _METHODS:
            raise Unsendable(Fault.BAD_REQUEST, f"requests are sent with GET or POST, not {letter.method!r}")
        body = _body(letter)
        if body is None:
            headers = self._asking[letter.want]
        else:
            headers = (*self._telling[letter.want], (_CONTENT_LENGTH, str(len(body))))
        if letter.secrets:
            headers += _signed(letter, body or b"", int(now))
        host = (_HOST, target.host)
        if not letter.headers and not target.authorization:
            headers = (host, *headers)
            return Request(letter.method, target, headers, body, headers)
        headers = (host, *_with_own(headers, letter.headers, target.authorization))
        return Request(letter.method, target, headers, body, shown(headers))


def _body(letter: Letter) -> bytes | None:
    """Bytes for a POST, even without content, so that its length is said; None for a GET without body."""
    if not letter.body and letter.method == "GET":
        return None
    try:
        return letter.body.encode()
    except UnicodeEncodeError:
        raise Unsendable(Fault.BAD_REQUEST, "the body holds half a character and cannot be encoded") from None


def _signed(letter: Letter, body: bytes, timestamp: int) -> Headers:
    if not letter.id.isascii() or not letter.id.isprintable():
        raise Unsendable(Fault.BAD_REQUEST, "the id of the letter cannot be put into a header")
    try:
        signatures = signature(letter.secrets, letter.id, timestamp, body)
    except ValueError as bad:
        raise Unsendable(Fault.BAD_REQUEST, str(bad)) from None
    return ((_ID, letter.id), (_TIMESTAMP, str(timestamp)), (_SIGNATURE, signatures))


def _with_own(headers: Headers, own: Headers, authorization: str) -> Headers:
    """The letter's own headers take the place of the first ones, but never of the signature."""
    for name, value in own:
        if _TOKEN.fullmatch(name) is None or name.lower() in _NOT_YOURS:
            raise Unsendable(Fault.BAD_REQUEST, f"{name[:80]!r} cannot be set as a header")
        if _CONTROL.search(value):
            raise Unsendable(Fault.BAD_REQUEST, f"the value of the header {name} holds a control character")
    if authorization and not any(name.lower() == "authorization" for name, _ in own):
        own = (("Authorization", authorization), *own)  # that of the URL, if the letter has none of its own
    replaced = {name.lower() for name, _ in own}
    return (*(header for header in headers if header[0].lower() not in replaced), *own)
