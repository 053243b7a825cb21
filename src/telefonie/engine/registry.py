"""The only module through which accounts, keys, secrets, numbers and phones are asked for and changed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias, TypeVar

from telefonie.core.accounts import Account, Key, Number, Scope, Secret, Settings
from telefonie.core.clocks import Clock, Mode
from telefonie.core.phones import Behaviour
from telefonie.engine.fresh import Fresh
from telefonie.engine.ports import Chore, no_chore
from telefonie.engine.seeds import seeded
from telefonie.store import inventory, people
from telefonie.store.connect import Connection, Store, wall

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


class Registry:
    """Who is who. What it remembers it forgets in seconds, and at once when it changes here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._callers: Fresh[tuple[str, Caller]] = Fresh()
        self._signing: Fresh[Signing] = Fresh()
        self.clear: Chore = no_chore  # set by the house
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
            _refuse_drawn(conn, account_id, settings)
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
        def change(conn: Connection) -> Account:
            _refuse_drawn(conn, account_id, settings)
            return people.change_account(conn, account_id, name, settings)

        return await self._change(change)

    async def delete_account(self, account_id: str) -> None:
        """With all that belongs to it."""
        await self._change(partial(people.delete_account, account_id=account_id))
        await self.clear(account_id)

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


def _refuse_drawn(conn: Connection, account_id: str, settings: Settings) -> None:
    if settings.seed is not None:
        people.refuse_drawn(conn, account_id, seeded(settings.seed, 0))


def _signing(conn: Connection, account_id: str) -> Signing:
    now = wall(conn)
    account = people.account(conn, account_id)
    valid = [
        each.value
        for each in people.list_secrets(conn, account_id)
        if each.retires_at is None or each.retires_at > now
    ]
    return tuple(valid), tuple(float(each) for each in account.settings.retry_seconds)
