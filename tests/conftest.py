"""Which tests count for the coverage of the SDK and the wire formats."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests of other packages, properties and models: tracing is dear there."""
    for item in items:
        counts = item.path.parent.name in ("sdk", "wire") and item.get_closest_marker("hypothesis") is None
        if not counts:
            item.add_marker("no_cover")
