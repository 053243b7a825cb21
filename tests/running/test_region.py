"""A server is somewhere, and an account that is kept elsewhere is sent there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telefonie.core.accounts import Settings as AccountSettings
from telefonie.settings import Settings
from tests.support.house import ADMIN_KEY, House, running

PATHS = (
    "/v1/voice/calls",
    "/v1/recordings/recordings",
    "/telefoon/v1/voice/calls",
    "/v1/simulator/clock",
    "/v1/numbers",
)


@pytest.fixture
async def dutch(tmp_path: Path, migrated_folder: Path) -> AsyncIterator[House]:
    """A server in the Netherlands."""
    folder = tmp_path / "store"
    shutil.copytree(migrated_folder, folder)
    async with running(Settings(data=folder, admin_key=ADMIN_KEY, region="nl-1")) as house:
        yield house


async def test_an_account_of_another_region_is_refused_on_every_face(dutch: House) -> None:
    async with dutch.customer(AccountSettings(region="de-1")) as customer:
        for path in PATHS:
            answer = await customer.get(path)
            assert answer.status_code == 403, path
            message = answer.json()["message"]
            assert "`de-1`" in message
            assert "`nl-1`" in message


async def test_an_account_of_this_region_or_of_none_is_served(dutch: House) -> None:
    for region in ("nl-1", None):
        async with dutch.customer(AccountSettings(region=region)) as customer:
            for path in PATHS:
                assert (await customer.get(path)).status_code == 200, path


async def test_the_operator_moves_an_account_and_it_is_served_at_once(dutch: House) -> None:
    account, key = await dutch.account(AccountSettings(region="de-1"))
    async with dutch.operator() as operator, dutch.connect(**{"X-API-Key": key}) as customer:
        path = f"/v1/admin/accounts/{account.id}"
        for region, status in [("nl-1", 200), ("fr-1", 403), (None, 200)]:
            changed = await operator.patch(path, json={"settings": {"region": region}})
            assert changed.json()["settings"].get("region") == region
            assert (await customer.get("/v1/voice/calls")).status_code == status
        assert (await operator.patch(path, json={"settings": {"region": "NL 1"}})).status_code == 400
