"""How the tests are run on a mutant: the fastest first, and without looking for the smallest example."""

import json
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# Before the test modules are imported: their own settings inherit it.
settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate])
settings.load_profile("mutants")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the fastest tests first, by what mutmut measured without a mutant."""
    measured = Path("mutmut-stats.json")  # not there yet while mutmut measures
    seconds: dict[str, float] = json.loads(measured.read_text())["duration_by_test"] if measured.exists() else {}
    items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
