"""What importing the package costs."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("infobip_voice_wire", {"lxml", "dataclasses", "decimal", "infobip_voice_schema"}),
        ("infobip_voice_wire.codes", {"lxml", "dataclasses", "infobip_voice_schema"}),
        ("infobip_voice_wire.xml", {"httpx", "msgspec", "infobip_voice_schema.models", "asyncio"}),
    ],
)
def test_light(module: str, absent: set[str]) -> None:
    """Importing the package loads nothing impure, and only its XML module imports lxml."""
    program = f"import sys; before = set(sys.modules); import {module}; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert absent.isdisjoint(loaded.stdout.split())
    assert module in loaded.stdout.split()
