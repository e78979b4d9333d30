"""The credentials of the account that every test of the command uses."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INFOBIP_USERNAME", "Aladdin")
    monkeypatch.setenv("INFOBIP_PASSWORD", "open sesame")
    monkeypatch.delenv("INFOBIP_API_KEY", raising=False)
    monkeypatch.delenv("INFOBIP_BASE_URL", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
