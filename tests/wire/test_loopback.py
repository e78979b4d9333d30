"""Which hosts are this machine."""

import pytest

from infobip_voice_wire.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine(host: str) -> None:
    """It has one name and the addresses of its loopback network."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "localhost.example", "127.0.0.1.example", "128.0.0.1", "::2", "[::1]"])
def test_another_machine(host: str) -> None:
    """Whatever is not certainly this machine is another one."""
    assert not is_loopback(host)
