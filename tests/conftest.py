"""What tests of several folders share."""

import gc
import signal
from collections.abc import Iterator

import pytest

from postgres import Postgres, running

# Hundreds of thousands of objects of schemathesis and Hypothesis outlive every test. To go through
# them for garbage, again and again, takes a tenth of the CPU.
gc.set_threshold(50_000, 20, 50)


# A shell without job control, as many CI servers have, starts what runs in the background with
# Ctrl-C ignored, and every process inherits that: a command that a test interrupts would never end.
for _number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number is signal.SIGINT else signal.SIG_DFL)


def pytest_collection_finish() -> None:
    """Leave what was imported and collected to no later look."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return the PostgreSQL of this test process; each test takes an address of its own from it."""
    with running("fsync=off") as server:
        yield server
