"""What the Dockerfile and compose.yaml say holds without a container: commands, health, secrets."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from infobip_voice_cli import main

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICE = YAML(typ="safe").load(ROOT / "compose.yaml")["services"]["voice-mock"]


def words(instruction: str) -> list[str]:
    """Return the words of the last instruction of that name, which has to be in its JSON form."""
    found = re.findall(rf"^ *{instruction} .*?(\[.*\])$", DOCKERFILE, re.MULTILINE)
    return json.loads(found[-1])


def test_the_health_check(voice_mock_server):
    """It passes while the mock answers, and fails when nobody does."""
    interpreter, option, program = words("CMD")
    assert (interpreter, option) == ("/mock/bin/python", "-c")
    port = str(urlsplit(voice_mock_server).port)
    assert program.count("8080") == 1
    for there, code in ((port, 0), ("1", 1)):
        done = subprocess.run([sys.executable, "-c", program.replace("8080", there)], stderr=subprocess.DEVNULL)
        assert done.returncode == code


def test_the_command(capsys):
    """Entry point and command of the service are options that the mock has."""
    program, *entry = words("ENTRYPOINT")
    assert program == "/mock/bin/infobip-voice"
    command = [re.sub(r"\$\{MOCK_CONTROL_TOKEN:\?.*\}", "secret", word) for word in SERVICE["command"]]
    with pytest.raises(SystemExit) as stopped:
        main([*entry, *command, "--port", "no"])
    assert stopped.value.code == 2
    assert "argument --port" in capsys.readouterr().err  # and nothing else is wrong with it


def test_the_token_is_required():
    """Without MOCK_CONTROL_TOKEN, or with an empty one, compose stops and says why."""
    [word] = [word for word in SERVICE["command"] if "MOCK_CONTROL_TOKEN" in word]
    reason = re.fullmatch(r"--control-token=\$\{MOCK_CONTROL_TOKEN:\?(.*)\}", word)
    assert reason
    assert "set MOCK_CONTROL_TOKEN to a secret word" in reason[1]


def test_it_may_do_little():
    """No root, no writing, no capabilities, and a port of this machine only."""
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["65534:65534"]
    assert (SERVICE["read_only"], SERVICE["cap_drop"]) == (True, ["ALL"])
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICE["ports"])


def test_the_build_sees_what_the_wheel_needs():
    """The build context has every path that pyproject.toml names for a build."""
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sdist = re.search(
        r"^\[tool.hatch.build.targets.sdist\]\ninclude = (\[.*\])$", (ROOT / "pyproject.toml").read_text(), re.M
    )
    named = {path.removeprefix("/") for path in json.loads(sdist[1])}
    assert {re.sub(r"/\*\.py$", "", path) for path in named} <= {re.sub(r"/\*\.py$", "", path) for path in allowed}
