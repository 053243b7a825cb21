"""The only module through which accounts, keys, secrets, numbers and phones are asked for and changed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Final, Generic, TypeAlias, TypeVar

from telefonie.core.accounts import Account, Key, Number, Scope, Secret, Settings
from telefonie.core.clocks import Clock, Mode
from telefonie.core.phones import Behaviour
from telefonie.engine.derive import seeded
from telefonie.store import inventory, people
from telefonie.store.connect import Connection, Store, wall

FRESH_SECONDS: Final = 2.0
REMEMBERED: Final = 10_000
EVERYTHING: Final = frozenset(Scope)
HINT: Final = 8
T = TypeVar("T")
Signing: TypeAlias = tuple[tuple[str, ...], tuple[float, ...]]  # secrets, and seconds between attempts


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request, and what they may do."""

    account: Account
    scopes: frozenset[Scope]
    key_id: str


@dataclass(frozen=True, slots=True)
class ClockWish:
    """The clock that a new account shall live by. `now` None: the wall's time."""

    mode: Mode
    speed: float = 1.0
    now: int | None = None


def digest(key: str) -> str:
    """All that is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class Fresh(Generic[T]):
    """Remembers for seconds; bounded. When something has to be asked anew, one asks for all who want it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, T]] = {}
        self._asking: dict[str, asyncio.Task[T | None]] = {}

    async def get(self, name: str, ask: Callable[[], Coroutine[Any, Any, T | None]]) -> T | None:
        """What is remembered, else what the asking brings. That nothing was found is not remembered."""
        found = self._kept.get(name)
        if found is not None and found[0] > monotonic():
            return found[1]
        asking = self._asking.get(name)
        if asking is None:
            asking = self._asking[name] = asyncio.create_task(self._ask(name, ask))
        # Shielded: whoever gives up waiting must not take the answer from the others.
        return await asyncio.shield(asking)

    async def _ask(self, name: str, ask: Callable[[], Coroutine[Any, Any, T | None]]) -> T | None:
        me = asyncio.current_task()
        try:
            value = await ask()
            # What was forgotten meanwhile may have changed after it was read.
            if value is not None and self._asking.get(name) is me:
                self._put(name, value)
            return value
        finally:
            if self._asking.get(name) is me:
                del self._asking[name]

    def _put(self, name: str, value: T) -> None:
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[name] = (monotonic() + FRESH_SECONDS, value)

    def forget(self) -> None:
        self._kept.clear()
        self._asking.clear()


class Registry:
    """Who is who. What it remembers it forgets in seconds, and at once when it changes here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._callers: Fresh[tuple[str, Caller]] = Fresh()
        self._signing: Fresh[Signing] = Fresh()
        self.changed: Callable[[], None] = lambda: None  # told to other processes by the house

    def forget(self) -> None:
        """Something changed, here or elsewhere."""
        self._callers.forget()
        self._signing.forget()

    async def _change(self, work: Callable[[Connection], T]) -> T:
        result = await self._store.write(work)
        self.forget()
        self.changed()
        return result

    # -- accounts --

    async def authenticate(self, key: str) -> Caller | None:
        """Whose key this is."""
        name = digest(key)

        async def ask() -> tuple[str, Caller] | None:
            found = await self._store.read(partial(people.key_by_digest, digest=name))
            return None if found is None else (name, Caller(found[1], found[0].scopes, found[0].id))

        kept = await self._callers.get(name, ask)
        return kept[1] if kept is not None and hmac.compare_digest(kept[0], name) else None

    async def signing(self, account_id: str) -> Signing:
        """The secrets that sign an account's letters now, newest first, and when to try again."""

        async def ask() -> Signing:
            return await self._store.read(partial(_signing, account_id=account_id))

        found = await self._signing.get(account_id, ask)
        assert found is not None  # noqa: S101 - an account that is not there raises
        return found

    async def create_account(
        self,
        name: str,
        settings: Settings,
        clock: ClockWish | None,
        key: str,
        secret: str,
        scopes: frozenset[Scope] = EVERYTHING,
    ) -> Account:
        """A new account with its first key and its secret. Its ids follow from the (random) key."""
        hashed = digest(key)
        account_id = seeded(hashed, 0)
        wish = clock or ClockWish(Mode.REALTIME)

        def create(conn: Connection) -> Account:
            now = wall(conn)
            account = Account(account_id, name, now, settings)
            at = now if wish.now is None else wish.now
            people.add_account(conn, account, Clock(account_id, wish.mode, wish.speed, now, at))
            first = Key(seeded(hashed, 1), account_id, "first", key[:HINT], scopes, now)
            people.add_key(conn, first, hashed)
            people.add_secret(conn, account_id, Secret(seeded(hashed, 2), secret, now), now)
            return account

        return await self._change(create)

    async def account(self, account_id: str) -> Account:
        return await self._store.read(partial(people.account, account_id=account_id))

    async def accounts(self, page: int, size: int) -> tuple[list[Account], int]:
        return await self._store.read(partial(people.list_accounts, page=page, size=size))

    async def change_account(self, account_id: str, name: str | None, settings: Settings) -> Account:
        return await self._change(
            partial(people.change_account, account_id=account_id, name=name, settings=settings)
        )

    async def delete_account(self, account_id: str) -> None:
        """With all that belongs to it."""
        await self._change(partial(people.delete_account, account_id=account_id))

    # -- keys and secrets --

    async def add_key(self, account_id: str, name: str, scopes: frozenset[Scope], key: str) -> Key:
        hashed = digest(key)

        def add(conn: Connection) -> Key:
            people.account(conn, account_id)
            new = Key(seeded(hashed, 1), account_id, name, key[:HINT], scopes, wall(conn))
            people.add_key(conn, new, hashed)
            return new

        return await self._change(add)

    async def keys(self, account_id: str) -> list[Key]:
        return await self._store.read(partial(people.list_keys, account_id=account_id))

    async def revoke_key(self, account_id: str, key_id: str) -> None:
        await self._change(lambda conn: people.revoke_key(conn, account_id, key_id, wall(conn)))

    async def secrets(self, account_id: str) -> list[Secret]:
        return await self._store.read(partial(people.list_secrets, account_id=account_id))

    async def rotate_secret(self, account_id: str, value: str, overlap_seconds: int) -> Secret:
        """A new secret; the old one goes on signing beside it for the overlap."""

        def rotate(conn: Connection) -> Secret:
            now = wall(conn)
            secret = Secret(seeded(digest(value), 2), value, now)
            people.add_secret(conn, account_id, secret, now + 1000 * overlap_seconds)
            return secret

        return await self._change(rotate)

    # -- numbers and phones --

    async def numbers(self, account_id: str, page: int, size: int) -> tuple[list[Number], int]:
        return await self._store.read(
            partial(inventory.list_numbers, account_id=account_id, page=page, size=size)
        )

    async def number(self, account_id: str, number: str) -> Number:
        return await self._store.read(partial(inventory.number, account_id=account_id, name=number))

    async def add_number(self, number: Number) -> Number:
        return await self._store.write(partial(inventory.add_number, number=number))

    async def change_number(self, number: Number) -> Number:
        return await self._store.write(partial(inventory.change_number, changed=number))

    async def remove_number(self, account_id: str, number: str) -> None:
        await self._store.write(partial(inventory.remove_number, account_id=account_id, name=number))

    async def phones(self, account_id: str) -> list[tuple[str, Behaviour]]:
        return await self._store.read(partial(inventory.list_phones, account_id=account_id))

    async def phone(self, account_id: str, number: str) -> Behaviour | None:
        wanted = {(account_id, number)}
        found = await self._store.read(partial(inventory.find_phones, wanted=wanted))
        return found.get((account_id, number))

    async def put_phone(self, account_id: str, number: str, phone: Behaviour) -> bool:
        """Give a phone its character; whether it had none before."""
        return await self._store.write(
            partial(inventory.put_phone, account_id=account_id, name=number, phone=phone)
        )

    async def remove_phone(self, account_id: str, number: str) -> None:
        await self._store.write(partial(inventory.remove_phone, account_id=account_id, name=number))


def _signing(conn: Connection, account_id: str) -> Signing:
    now = wall(conn)
    account = people.account(conn, account_id)
    valid = [
        each.value
        for each in people.list_secrets(conn, account_id)
        if each.retires_at is None or each.retires_at > now
    ]
    return tuple(valid), tuple(float(each) for each in account.settings.retry_seconds)
