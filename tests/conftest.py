"""What tests of several folders share."""

import gc
from collections.abc import Iterator

import pytest

from postgres import Postgres, running

# Hundreds of thousands of objects of schemathesis and Hypothesis outlive every test. To go through
# them for garbage, again and again, takes a tenth of the CPU.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """Leave what was imported and collected to no later look."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return the PostgreSQL of this test process; each test takes an address of its own from it."""
    with running("fsync=off") as server:
        yield server
