"""The unit, the image and the composition of the guide "Drains in production" do what it says."""

import configparser
import json
import os
import queue
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from infobip_voice import VoiceClient
from postgres import Postgres

GUIDE = (Path(__file__).parents[2] / "docs/guides/production.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
PROGRAMS = {
    match[1]: block
    for language, block in BLOCKS
    if language == "python" and (match := re.match(r"# (\w+\.py)\n", block))
}
SCRIPTS = Path(sys.executable).parent
SECRET = "2f1c9a"


def block(language: str) -> str:
    [found] = [text for each, text in BLOCKS if each == language]
    return found


@pytest.fixture
def environment(address: str) -> dict[str, str]:
    """The variables of a drain, with an account of its own for each test."""
    credentials = {
        "INFOBIP_BASE_URL": address, "INFOBIP_USERNAME": f"production-{uuid.uuid4()}", "INFOBIP_PASSWORD": "open sesame",
    }  # fmt: skip
    return {**os.environ, **credentials, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}


def launch(environment: dict[str, str], calls: int, **more: Any) -> None:
    """Launch calls whose reports are there at once."""
    names = {name: environment[f"INFOBIP_{name.upper()}"] for name in ("base_url", "username", "password")}
    with VoiceClient(**names) as client:
        client.ivr.launch(scenario_id="S", to=["41793026727"] * calls, duplicates="call", **more)


@contextmanager
def running(command: list[str], environment: dict[str, str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def delivered(reports: Path) -> set[str]:
    """Return the ids in the whole lines of a file: what was in hand at a `kill -9` comes again."""
    lines = reports.read_text().splitlines(keepends=True) if reports.exists() else []
    return {json.loads(line)["messageId"] for line in lines if line.endswith("\n")}


def test_the_unit(environment: dict[str, str], tmp_path: Path) -> None:
    """Its command drains into the folder where it works, and goes on after `kill -9`."""
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(block("ini").replace("\\\n", ""))
    assert set(unit) == {"DEFAULT", "Unit", "Service", "Install"}
    service = unit["Service"]
    assert (service["WorkingDirectory"], service["StateDirectory"]) == ("%S/reports", "reports")
    program, *words = shlex.split(service["ExecStart"])
    assert program.rpartition("/")[2] == "infobip-voice"
    reports = tmp_path / "reports.jsonl"
    for run in (1, 2):
        launch(environment, 3)
        with running([str(SCRIPTS / "infobip-voice"), *words], environment, tmp_path) as process:
            while len(delivered(reports)) < 3 * run:
                assert process.poll() is None
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL if run == 1 else signal.SIGTERM)
            assert process.wait(60) in (-signal.SIGKILL, -signal.SIGTERM)
    assert len(delivered(reports)) == 6
    shown = subprocess.run(
        [SCRIPTS / "infobip-voice", "spool", "spool.db"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "report(s) wait to be delivered" in shown.stdout


def test_the_image() -> None:
    """It has the programs of the guide, and installs an extra that there is."""
    text = block("dockerfile")
    [copied] = re.findall(r"^COPY (.*) \./$", text, re.MULTILINE)
    assert set(copied.split()) < PROGRAMS.keys()
    [extra] = re.findall(r"infobip-voice\[(\w+)\]", text)
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert f"\n{extra} = [" in project
    assert json.loads(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[0]) == ["python", "drain.py"]


def test_the_composition(environment: dict[str, str], postgres: Postgres, tmp_path: Path) -> None:
    """Its drains and its receiver, each with the command and the variables that it has there."""
    services = yaml.safe_load(block("yaml"))["services"]
    for name in ("drain.py", "receiver.py"):
        (tmp_path / name).write_text(PROGRAMS[name])
    spool = postgres.url()
    given = {"SPOOL": spool, "INFOBIP_PUSH_SECRET": SECRET, "FOLLOW": services["drain"]["environment"]["FOLLOW"]}
    assert services["drain"]["environment"].keys() == given.keys() | {
        "PGPASSWORD", "INFOBIP_BASE_URL", "INFOBIP_API_KEY"
    }  # fmt: skip
    assert services["receiver"]["environment"] == services["drain"]["environment"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(port) if word == "8081" else word for word in services["receiver"]["command"]]
    words = ["127.0.0.1" if word == "0.0.0.0" else word for word in words]  # noqa: S104
    url = f"http://127.0.0.1:{port}"
    with running([str(SCRIPTS / words[0]), *words[1:]], {**environment, **given}, tmp_path) as receiver:
        wait_for(url, receiver)
        launch(environment, 2)
        launch(environment, 1, notify_url=f"{url}/reports/{SECRET}")
        told: queue.Queue[str] = queue.Queue()
        total = 0
        with ExitStack() as drains:
            for _ in range(2):
                drain = drains.enter_context(running([sys.executable, "drain.py"], {**environment, **given}, tmp_path))
                threading.Thread(target=pass_on, args=(drain, told), daemon=True).start()
            while total < 3:
                total += int(told.get(timeout=60).split()[0])
            assert total == 3
    shown = subprocess.run([SCRIPTS / "infobip-voice", "spool", spool], capture_output=True, text=True, check=True)
    assert "unreadable" not in shown.stdout


def pass_on(process: "subprocess.Popen[str]", told: "queue.Queue[str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        told.put(line)


def wait_for(url: str, process: "subprocess.Popen[str]") -> None:
    """Wait until a receiver answers, with the refusal of whoever does not know its secret."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    status = 0
    while not status:
        assert process.poll() is None
        try:
            status = opener.open(url, timeout=10).status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            time.sleep(0.05)
    assert status == 401
