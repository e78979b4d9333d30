"""What tests of several folders share."""

from collections.abc import Iterator

import pytest

from postgres import Postgres, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return the PostgreSQL of this test process; each test takes an address of its own from it."""
    with running("fsync=off") as server:
        yield server
