"""The only door to applications: set them up, and ask which one a token speaks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias, TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from telefonie.core import clocks as rules
from telefonie.core.accounts import Account
from telefonie.core.applications import Application
from telefonie.core.derive import derived
from telefonie.core.errors import Unknown
from telefonie.engine.facts import Facts
from telefonie.engine.fresh import Fresh
from telefonie.engine.keypairs import public_key
from telefonie.engine.once import decided_once
from telefonie.engine.ports import Once, Reply
from telefonie.store import applications, clocks, people, replies
from telefonie.store.connect import Connection, Store, lock_places, wall

T = TypeVar("T")
Wording: TypeAlias = Callable[[Application], Reply]


@dataclass(frozen=True, slots=True)
class Known:
    """An application, whose it is, and its keys as they verify."""

    account: Account
    application: Application
    key: RSAPublicKey | None
    retiring: RSAPublicKey | None = None

    def keys(self, now: int) -> list[RSAPublicKey]:
        """Those by which tokens may be signed at this moment of the wall."""
        retires_at = self.application.retires_at
        old = self.retiring if retires_at is not None and now < retires_at else None
        return [each for each in (self.key, old) if each is not None]


@dataclass(frozen=True, slots=True)
class _Adding:
    """What makes a request to add one the same as another."""

    account_id: str
    once: Once | None


class Applications:
    """The applications of all accounts. What is remembered is forgotten in seconds, and at once on a change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: Fresh[Known] = Fresh()
        self.changed: Callable[[], None] = lambda: None  # told to other processes by the house

    def forget(self) -> None:
        """Something changed, here or elsewhere."""
        self._known.forget()

    async def _change(self, work: Callable[[Connection], T]) -> T:
        result = await self._store.write(work)
        self.forget()
        self.changed()
        return result

    async def known(self, application_id: str) -> Known | None:
        """The application of that id, whosever it is."""

        async def ask() -> Known | None:
            found = await self._store.read(partial(_found, application_id=application_id))
            return None if found is None else _parsed(*found)

        return await self._known.get(application_id, ask)

    async def page(self, account_id: str, page: int, size: int) -> tuple[list[Application], int]:
        """An account's applications, newest first, and how many there are."""
        return await self._store.read(
            partial(applications.page, account_id=account_id, number=page, size=size)
        )

    async def one(self, account_id: str, application_id: str) -> Application:
        """One of them."""
        return await self._store.read(
            partial(applications.one, account_id=account_id, application_id=application_id)
        )

    async def add(self, application: Application, word: Wording, once: Once | None = None) -> Reply:
        """A new one, once for each key. What `word` says is kept with the key, so it must hold no private key."""
        return await self._change(partial(_add, application=application, word=word, once=once))

    async def change(
        self, account_id: str, application_id: str, over: Callable[[Application], Application]
    ) -> Application:
        """Make of an application what `over` says, as it stands then."""

        def change(conn: Connection) -> Application:
            return applications.change(conn, over(applications.held(conn, account_id, application_id)))

        return await self._change(change)

    async def rotate(
        self,
        account_id: str,
        application_id: str,
        public_pem: str,
        overlap_seconds: int = 0,
        secret: str | None = None,
    ) -> Application:
        """Another key; the present one is good for the overlap still. `secret`: another one, too, at once."""

        def rotate(conn: Connection) -> Application:
            present = applications.held(conn, account_id, application_id)
            old = present.public_key if overlap_seconds else ""
            turned = replace(
                present,
                public_key=public_pem,
                retiring_key=old,
                retires_at=wall(conn) + 1000 * overlap_seconds if old else None,
                secret=present.secret if secret is None else secret,
            )
            return applications.change(conn, turned)

        return await self._change(rotate)

    async def remove(self, account_id: str, application_id: str) -> None:
        """Give one up; refused while numbers lead to it. Calls under way go on."""
        await self._change(partial(applications.remove, account_id=account_id, application_id=application_id))


def _found(conn: Connection, application_id: str) -> tuple[Account, Application] | None:
    found = applications.known(conn, application_id)
    return None if found is None else (people.account(conn, found.account_id), found)


def _parsed(account: Account, found: Application) -> Known:
    keys = [public_key(pem) if pem else None for pem in (found.public_key, found.retiring_key)]
    return Known(account, found, *keys)


def _add(conn: Connection, application: Application, word: Wording, once: Once | None) -> Reply:
    row = clocks.lock_shared(conn, [application.account_id]).get(application.account_id)
    if row is None:
        raise Unknown("account", application.account_id)
    asked = _Adding(application.account_id, once)
    facts = Facts()
    if once:
        lock_places(
            conn, [derived(asked.account_id, f"once:{once.key}")]
        )  # who comes second finds the answer
        facts.replies = replies.find(conn, {(asked.account_id, once.key)})
    now = rules.now(clocks.clock_of(row), wall(conn))
    reply = decided_once(facts, asked, now, lambda: word(applications.add(conn, application)))
    replies.keep(conn, facts.fresh, facts.over)
    return reply
