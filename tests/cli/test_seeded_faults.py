"""Faults on the mock for people who write clients: listed, mounted, and noticed."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import VoiceClient
from infobip_voice_cli import main
from infobip_voice_contract.faults import FAULTS
from infobip_voice_mock import running_mock
from infobip_voice_mock.receiver import Receiver

GUIDE = Path(__file__).parents[2].joinpath("docs/guides/seeded-faults.md").read_text(encoding="utf-8")


def sample() -> Callable[[VoiceClient], None]:
    """The test that the guide shows."""
    [block] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102 - it is our own page
    return names["test_nobody_is_billed_twice"]


def test_the_guides_test_notices() -> None:
    """It passes on the plain mock, and fails on the one with the fault."""
    test = sample()
    with running_mock() as mock, VoiceClient(**mock.credentials) as client:
        test(client)
    options = "--seeded-fault", "pages-again"
    with running_mock(*options) as mock, VoiceClient(**mock.credentials) as client, pytest.raises(AssertionError):
        test(client)


def test_pushes_have_faults_too() -> None:
    """A push is sent twice, and the control plane works as ever."""
    with running_mock("--seeded-fault", "push-twice") as mock, closing(Receiver()) as receiver:
        with VoiceClient(**mock.credentials) as client:
            client.ivr.launch(scenario_id="S", to=["41793026727"], notify_url=receiver.url)
        assert receiver.next() == receiver.next()


def test_every_fault_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """With its sentence, and what a client should do."""
    assert main(["mock", "--list-seeded-faults"]) == 0
    listed = capsys.readouterr().out
    for fault in FAULTS:
        assert f"\n  {fault.sentence}\n  Your client: {fault.advice}\n" in listed
    assert [line.split(" ")[0] for line in listed.splitlines()[::3]] == [fault.id for fault in FAULTS]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seeded-fault", "pages-agan"], "did you mean pages-again?"),
        (["--seeded-fault", "~"], "--list-seeded-faults lists them"),
        (["--seeded-fault", "errors-5000"], "errors-5000 means something with --edition 2026 only"),
    ],
)
def test_what_is_no_fault_is_said(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and what to do."""
    assert main(["mock", "--port", "0", *options]) == 2
    assert said in capsys.readouterr().err


def test_the_guide_names_real_faults() -> None:
    """Each fault in its table exists."""
    named = set(re.findall(r"`([a-z0-9-]+)`", GUIDE.partition("## Which ones")[2]))
    assert named
    assert named <= {fault.id for fault in FAULTS}
