"""How the tests are run on a mutant: the fastest first, each without what another has cached, and
none of them shrunk or timed.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutmut.state import state

PACKAGES = ("infobip_voice.", "infobip_voice_cli.", "infobip_voice_mock.", "infobip_voice_wire.")

# Before the test modules are imported: their own settings inherit it. A busy machine is no failure.
settings.register_profile(
    "mutants", phases=[Phase.explicit, Phase.generate], deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("mutants")

imported = set[str]()  # the functions that run when a module is imported


def pytest_collection_finish() -> None:
    """Note what ran while the tests were imported."""
    imported.update(state()._stats)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the fastest tests first, by what mutmut measured without a mutant."""
    measured = Path("mutmut-stats.json")  # not there yet while mutmut measures
    seconds: dict[str, float] = json.loads(measured.read_text())["duration_by_test"] if measured.exists() else {}
    items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))


def pytest_runtest_setup() -> None:
    """Let mutmut see that each test depends on what ran at import, and on what another test has in
    a cache.
    """
    state()._stats.update(imported)
    for name, module in sys.modules.copy().items():
        if name.startswith(PACKAGES):
            for value in vars(module).values():
                clear: Any = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()
