"""Regenerate `generated/` whenever a wheel or an sdist is built."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

import generate


class RegenerateHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `tools/generate.py` before hatchling collects files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring `generated/` up to date with `openapi.yaml`; write nothing if it is.

        An editable install does not regenerate. `make setup` makes one, and would otherwise mend
        what `make check-generated` is there to find.
        """
        if version != "editable":
            generate.main()
