"""The only module that hands an exercise its face; whose `ledger` it keeps, each exercise says itself."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.face import Face
from tests.contract.ledger import Ledger


@pytest.fixture
def face(client: httpx.AsyncClient, ledger: Ledger) -> Face:
    return Face(client, ledger)
