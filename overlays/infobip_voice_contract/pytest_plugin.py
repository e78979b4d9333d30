"""Options of pytest that hold a server to the contract: an item for each rule.

    pytest --contract-base-url http://127.0.0.1:9000 --contract-destructive
    pytest --contract-app gateway:create_app --contract-destructive

Credentials are in the environment, as for the command. Every pytest run where the package is
installed loads this module, so it imports nothing else of the kit before one of the options is
given.
"""

from __future__ import annotations

import pytest

__all__ = ["ContractWarning"]


class ContractWarning(pytest.PytestWarning):
    """A rule is broken that only we know, or that was carried over; the server may differ."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; what a team decides once is also read from its configuration."""
    group = parser.getgroup("contract", "the voice contract (infobip-voice)")
    group.addoption("--contract-base-url", metavar="URL", help="test this server, an item for each rule")
    group.addoption(
        "--contract-app",
        metavar="MODULE:NAME",
        help="test an ASGI application in this process: its name, or that of a function that makes it",
    )
    group.addoption(
        "--contract-destructive", action="store_true", help="launch calls and consume reports; without it nothing is"
    )
    group.addoption("--contract-journal", metavar="FILE", help="write every exchange, for `contract judge FILE`")
    group.addoption("--contract-seed", type=int, default=0, metavar="N", help="of what is random (default: 0)")
    for name, metavar, text in (
        ("edition", "NAME", "the form of the API: seeds (default) or 2026"),
        ("profile", "NAME", "how much: quick (default) or full"),
        ("baseline", "FILE", "known deviations, which are expected failures"),
        ("numbers", "FILE", "numbers by outcome, as JSON"),
    ):
        group.addoption(f"--contract-{name}", metavar=metavar, help=f"{text}; in a configuration contract_{name}")
        parser.addini(f"contract_{name}", text, type="string", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Load the rest if one of the options is given."""
    if config.getoption("contract_base_url") or config.getoption("contract_app"):
        try:
            from infobip_voice_contract.suite import Suite
        except ModuleNotFoundError as error:
            raise pytest.UsageError(f"the contract needs {error.name}: pip install 'infobip-voice[contract]'") from None
        config.pluginmanager.register(Suite(config), "infobip-voice-contract-suite")
