"""The only place where this API's tests get what they share: a program with a token, and the customer's server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.dialects.vonage.steps import Program, a_program
from tests.support.house import House
from tests.support.shop import Shop, a_shop


@pytest.fixture
async def program(house: House) -> AsyncIterator[Program]:
    """A program with a fresh account on a manual clock."""
    async with a_program(house) as program:
        yield program


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop
