"""The only module that lists the codes of what can go wrong with a document, from wherever the code has them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Final

from docs.generator.markdown import code, table
from docs.generator.verbs import spelled
from telefonie import flow
from telefonie.engine.letters import Fault
from telefonie.engine.questions import CODES, HTTP_FAILED
from telefonie.flow import markup, pages
from telefonie.flow.catalogue import spellings

# A new fault has no word yet: the tests say so.
FAULTS: Final[Mapping[Fault, str]] = {
    Fault.BAD_URL: "the URL cannot be one: it has to be `http` or `https`, with a host",
    Fault.BAD_REQUEST: "the request cannot be put on the wire",
    Fault.FORBIDDEN_TARGET: "the address is one where nothing may be sent",
    Fault.DNS: "the name has no address",
    Fault.CONNECT: "no connection, or it was lost before an answer",
    Fault.TLS: "the certificate is not trusted, or there is no TLS",
    Fault.TIMEOUT: "no complete answer in time",
    Fault.PROTOCOL: "something answered, but not in HTTP",
    Fault.REDIRECTS: "more than 10 redirects, or one to what is no URL",
    Fault.TOO_LARGE: "the document has more than 64 KiB, or the sound more than 16 MiB",
    Fault.UNPLAYABLE: "the file is no sound, none that can be read, or too long",
}
_DOCUMENTS: Final[Mapping[int, str]] = {
    HTTP_FAILED: "a status other than 2xx",
    markup.NOT_WELL_FORMED: "not well-formed, the wrong root, a DTD, or text that is not in its encoding",
    markup.WRONG_CONTENT_TYPE: "no Content-Type, or one that is no document",
    pages.TOO_MANY_DOCUMENTS: f"more than {pages.MOST_DOCUMENTS:,} documents in one call",
}
_WARNING: Final = "an unknown verb, attribute, member or element, or a value that has no code of its own"
_FAILURES: Final = {*CODES.values(), *_DOCUMENTS}
_FAMILIES: Final = (11, 12, 13, 16)  # thousands in which codes lie


def failures() -> str:
    """What keeps a document or a sound from being had."""
    found: dict[int, list[str]] = {}
    for number, why in [*((CODES[fault], why) for fault, why in FAULTS.items()), *_DOCUMENTS.items()]:
        if why not in found.setdefault(number, []):
            found[number].append(why)
    return table(("code", "what is wrong"), [(code(each), "; ".join(found[each])) for each in sorted(found)])


def warnings() -> str:
    """What a document is warned of; the rest of it runs."""
    found: dict[int, dict[str, None]] = {markup.SCHEMA_WARNING: {_WARNING: None}}
    for number, where in (*_of_fields(), *_of_their_own()):
        if number != markup.SCHEMA_WARNING:
            found.setdefault(number, {})[where] = None
    return table(("code", "where"), [(code(each), "; ".join(found[each])) for each in sorted(found)])


def _of_fields() -> Iterator[tuple[int, str]]:
    for each in spellings():
        for field in each.fields:
            yield field.code, f"{code(field.key)} of {spelled(each)}"
        for part in each.parts:
            for field in part.fields:
                yield field.code, f"{code(field.key)} of {code(part.name)}"


def _of_their_own() -> Iterator[tuple[int, str]]:
    """Codes that are named in the code and that no field has: what tables cannot say."""
    listed = {number for number, _ in _of_fields()} | _FAILURES
    for module in pkgutil.walk_packages(flow.__path__, f"{flow.__name__}."):
        of_verb = f"{module.name.rpartition('.')[2]}: " if ".verbs." in module.name else ""
        for name, value in vars(importlib.import_module(module.name)).items():
            is_code = name.isupper() and isinstance(value, int) and value // 1000 in _FAMILIES
            if is_code and value not in listed:
                listed.add(value)
                yield value, f"{of_verb}{name.lower().replace('_', ' ')}"
