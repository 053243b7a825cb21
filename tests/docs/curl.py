"""A stand-in for curl on machines that have none; it knows the options that the pages use, and refuses others."""

from __future__ import annotations

import argparse
import ssl
import sys
import urllib.error
import urllib.request
from http.client import HTTPResponse


def main() -> None:
    """One request; its answer goes to standard output."""
    parser = argparse.ArgumentParser("curl", allow_abbrev=False)
    parser.add_argument("-s", action="store_true", help="say nothing of progress")
    parser.add_argument("-i", action="store_true", help="show the head of the answer too")
    parser.add_argument("-X", metavar="METHOD")
    parser.add_argument("-H", metavar="HEADER", action="append", default=[])
    parser.add_argument("-d", metavar="BODY")
    parser.add_argument("--cacert", metavar="FILE", help="believe this authority only")
    parser.add_argument("url")
    asked = parser.parse_args()
    if not asked.url.startswith(("http://", "https://")):
        parser.error(f"not an http:// or https:// address: {asked.url}")
    headers = dict(header.split(": ", 1) for header in asked.H)
    body = None if asked.d is None else asked.d.encode()
    request = urllib.request.Request(asked.url, body, headers, method=asked.X)  # noqa: S310 - as was just seen
    answer = _sent(request, ssl.create_default_context(cafile=asked.cacert))
    if asked.i:
        head = [
            f"HTTP/1.1 {answer.status} {answer.reason}",
            *(f"{n}: {v}" for n, v in answer.headers.items()),
        ]
        sys.stdout.buffer.write(("\r\n".join(head) + "\r\n\r\n").encode())
    sys.stdout.buffer.write(answer.read())


def _sent(request: urllib.request.Request, context: ssl.SSLContext) -> HTTPResponse | urllib.error.HTTPError:
    try:
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=20, context=context)  # noqa: S310 - as above
    except urllib.error.HTTPError as refusal:
        return refusal
    return answer


main()
