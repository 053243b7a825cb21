"""The only module that follows a redirect; pure."""

from dataclasses import replace
from typing import Final

from yarl import URL

from telefonie.engine.letters import Letter
from telefonie.reach.address import BadUrl, read_url
from telefonie.webhooks.masks import Headers

MOST_REDIRECTS: Final = 10
MOVED: Final = frozenset({301, 302, 303, 307, 308})
_AS_IT_WAS: Final = frozenset({307, 308})
# The letter's other headers may be keys and signatures, which are between the customer and the first server.
_FOR_STRANGERS: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})
_OF_A_BODY: Final = frozenset({"content-type", "content-encoding", "content-language"})


def moved(letter: Letter, status: int, location: str) -> Letter:
    """The letter that a browser would send next; raises BadUrl.

    Once it leaves the server that it was written to, it is neither signed nor shows who wrote it, even when it
    comes back: where it goes from there has been decided by a stranger.
    """
    here = URL(letter.url)
    there = _joined(here, location)
    at_home = here.origin() == there.origin()
    headers = letter.headers if at_home else _only(letter.headers, _FOR_STRANGERS)
    if at_home and not (there.user or there.password) and (here.user or here.password):
        there = there.with_user(here.user).with_password(here.password)
    if status in _AS_IT_WAS or letter.method == "GET":
        method, body = letter.method, letter.body
    else:
        method, body = "GET", ""
        headers = tuple(each for each in headers if each[0].lower() not in _OF_A_BODY)
    secrets = letter.secrets if at_home else ()
    return replace(letter, method=method, url=str(there), body=body, headers=headers, secrets=secrets)


def _joined(here: URL, location: str) -> URL:
    # As browsers read it: blanks around it are dropped, blanks inside it are meant.
    text = location.strip(" \t").replace(" ", "%20")
    try:
        there = here.with_user(None).with_fragment(None).join(URL(text))
    except ValueError:
        raise BadUrl("the URL cannot be read") from None
    read_url(str(there))
    return there.with_fragment(None)


def _only(headers: Headers, names: frozenset[str]) -> Headers:
    return tuple(each for each in headers if each[0].lower() in names)
