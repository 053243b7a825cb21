"""The only module that asks a customer's server for a document without any call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telefonie.engine.letters import Letter, Postman, Want
from telefonie.engine.questions import Question, answer_of
from telefonie.flow.commands import Lost, Page, Sound
from telefonie.flow.effects import Purpose
from telefonie.store.codec import dump

if TYPE_CHECKING:
    from telefonie.engine.registry import Registry

EVENT: Final = "document.lint"


class Enquiries:
    """Asks as a call would: signed, guarded and bounded by the same postman."""

    def __init__(self, postman: Postman, registry: Registry) -> None:
        self._postman = postman
        self._registry = registry

    async def document(self, account_id: str, url: str, method: str, event_id: str) -> Page | Lost:
        """What is found at a URL, once and at once."""
        secrets, _ = await self._registry.signing(account_id)
        said = {"event": EVENT, "event_id": event_id, "account_id": account_id}
        text = "" if method == "GET" else dump(said)
        letter = Letter(event_id, account_id, method, url, text, secrets, want=Want.DOCUMENT)
        receipt = await self._postman.send(letter)
        result = answer_of(Question(0, Purpose.INSTRUCTIONS, url, method), receipt).result
        if isinstance(result, Sound):
            raise TypeError("a sound came where a page was asked for")
        return result
