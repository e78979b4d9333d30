"""What sending an operation again does is read in the contract, and nowhere else."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import infobip_voice
from infobip_voice import LaunchUncertain, ReportsPending, ReportsUncertain, VoiceClient, VoiceError
from infobip_voice._messages import _CONTRACT, Operation, Outcome
from infobip_voice._policy import Budget, decide
from infobip_voice_client.api.click_to_call import launch_click_to_call
from infobip_voice_client.api.ivr import launch_outbound_ivr
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_schema.operations import OPERATIONS
from sdk.clients import Clock, settings
from sdk.lossy_server import LossyServer, lossy_server

LAUNCHES = {
    "launchOutboundIvr": ("ivr", {"scenario_id": "s", "to": "41793026727"}),
    "launchClickToCall": (
        "click_to_call",
        {"destination_a": "41793026727", "destination_b": "41793026731", "from_": "41793026700"},
    ),
}
LOSSES = ["drop", "cut", 503]


def connected(server: LossyServer) -> VoiceClient:
    clock = Clock()
    return VoiceClient(**settings(server.url, clock=clock), sleep=clock.sleep)


def flip(monkeypatch: pytest.MonkeyPatch, operation: str, **said: bool) -> None:
    for name, value in said.items():
        monkeypatch.setitem(OPERATIONS[operation], name, value)  # type: ignore[misc]


def test_the_contract_as_it_is() -> None:
    """Written out: none of the three may be repeated, and one of them consumes."""
    assert {name: (each["idempotent"], each["consumes_on_read"]) for name, each in OPERATIONS.items()} == {
        "launchOutboundIvr": (False, False), "launchClickToCall": (False, False), "fetchReports": (False, True),
    }  # fmt: skip
    modules = {
        "launchOutboundIvr": launch_outbound_ivr, "launchClickToCall": launch_click_to_call, "fetchReports": fetch_reports,
    }  # fmt: skip
    for name, module in modules.items():
        source = inspect.getsource(module)
        assert f'"method": "{OPERATIONS[name]["method"].lower()}"' in source
        assert f'"url": "{OPERATIONS[name]["path"]}"' in source


def test_every_operation_of_the_sdk_names_one_of_the_contract() -> None:
    """A name that the table does not have would fail only when an answer is lost."""
    sources = [path.read_text() for path in Path(infobip_voice.__file__).parent.glob("*.py")]
    used = {name for source in sources for name in re.findall(r'Operation\("([^"]+)"', source)}
    assert used == _CONTRACT.keys()
    assert set(_CONTRACT.values()) == OPERATIONS.keys()


@pytest.mark.parametrize("phase", ["lost", "cut"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_policy_reads_the_table(operation: str, phase: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same outcome is repeated or not as the contract says."""
    for idempotent in (False, True):
        flip(monkeypatch, operation, idempotent=idempotent)
        for insist in (False, True):
            for asked in (Operation(name, insist) for name, contract in _CONTRACT.items() if contract == operation):
                assert decide(asked, Outcome(phase, 200), 1, 0.0, Budget()).again is (idempotent or insist)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("operation", LAUNCHES)
def test_a_launch_that_the_contract_called_idempotent_is_sent_again(
    operation: str, loss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is, it is sent once and its loss is told."""
    name, arguments = LAUNCHES[operation]
    with lossy_server() as server, connected(server) as voice:
        server.script.append(loss)
        with pytest.raises(LaunchUncertain):
            getattr(voice, name).launch(**arguments)
        assert len(server.seen) == 1
        flip(monkeypatch, operation, idempotent=True)
        server.script.append(loss)
        getattr(voice, name).launch(**arguments)
        assert len(server.seen) == 3
        assert server.seen[1].body == server.seen[2].body


@pytest.mark.parametrize("loss", LOSSES)
def test_a_fetch_that_the_contract_called_idempotent_is_sent_again(loss: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is, it would return other reports, and hide the gap."""
    with lossy_server(reports=3) as server, connected(server) as voice:
        server.script.append(loss)
        with pytest.raises(ReportsUncertain):
            voice.reports.fetch(limit=1)
        assert len(server.seen) == 1
        flip(monkeypatch, "fetchReports", idempotent=True)
        server.script.append(loss)
        assert [report.message_id for report in voice.reports.fetch(limit=1)] == ["report-2"]
        assert len(server.seen) == 3


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_answer_is_a_gap_because_reading_consumes(
    loss: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """If the contract took that back, nothing would be lost: no gap, and no such error."""
    with lossy_server(reports=9) as server, connected(server) as voice:
        server.script.append(loss)
        with voice.reports.drain(tmp_path / "consumes", limit=3) as drain:
            assert [gap.count for gap in drain.gaps] == []
            assert list(drain)
            assert [gap.count for gap in drain.gaps] == [1]
        server.script.append(loss)
        with pytest.raises(ReportsPending) as pending:
            voice.reports.wait_for("nobody", timeout=1)
        assert [gap.count for gap in pending.value.gaps] == [1]

        flip(monkeypatch, "fetchReports", consumes_on_read=False)
        server.script.append(loss)
        with voice.reports.drain(tmp_path / "keeps") as drain:
            list(drain)
            assert drain.gaps == ()
        server.script.append(loss)
        with pytest.raises(VoiceError, match="nothing was taken away") as caught:
            voice.reports.fetch()
        assert type(caught.value) is VoiceError
        server.script.append(loss)
        with pytest.raises(ReportsPending) as pending:
            voice.reports.wait_for("nobody", timeout=1)
        assert pending.value.gaps == ()


def test_a_request_on_its_way_is_a_gap_only_where_reading_consumes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a killed process leaves in the spool."""
    for consumes in (True, False):
        flip(monkeypatch, "fetchReports", consumes_on_read=consumes)
        path = tmp_path / str(consumes)

        def die(_: Any) -> Any:
            raise SystemExit

        voice = VoiceClient(**settings("http://127.0.0.1:9"))
        monkeypatch.setattr(voice._transport, "send", die)
        with pytest.raises(SystemExit), voice.reports.drain(path) as drain:
            next(drain)
        monkeypatch.undo()
        with lossy_server() as server, connected(server) as after, after.reports.drain(path) as drain:
            list(drain)
            assert [gap.count for gap in drain.gaps] == ([1] if consumes else [])
