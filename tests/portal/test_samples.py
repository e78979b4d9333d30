"""Each code sample, snippet and block of a guide runs as it stands, against a mock."""

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from portal.samples import push_samples, samples

ROOT = Path(__file__).parents[2]
CONTRACT = json.loads((ROOT / "generated/infobip_voice_schema/openapi.json").read_bytes())
OPERATIONS = [(path, operation) for path, item in CONTRACT["paths"].items() for operation in item.values()]
SAMPLES = [
    pytest.param(operation["operationId"], sample, id=f"{operation['operationId']}-{sample.label}")
    for path, operation in OPERATIONS
    for sample in samples(path, operation)
]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs/guides").glob("*.md"))]
BLOCKS = [
    pytest.param(language, block, printed, id=f"{path.stem}-{number}")
    for path in GUIDES
    for number, (language, block, printed) in enumerate(
        re.findall(
            r"^```(python|sh)\n(.*?)^```(?:(?:\n(?!#|```)[^\n]*)*?\n[^\n]*It prints:\n\n```output\n(.*?)^```)?",
            path.read_text(),
            re.MULTILINE | re.DOTALL,
        )
    )
]


@pytest.fixture
def environment(address: str) -> dict[str, str]:
    """The variables that samples read, with an account of its own for each test."""
    account = f"sample-{uuid.uuid4()}"
    credentials = {"INFOBIP_BASE_URL": address, "INFOBIP_USERNAME": account, "INFOBIP_PASSWORD": "open sesame"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **credentials, "PATH": path}


def run(language: str, source: str, environment: dict[str, str], folder: Path) -> str:
    if language == "python":
        command = [sys.executable, "-W", "error", "-c", source]
    elif language == "javascript":
        node = shutil.which("node")
        assert node
        command = [node, "--input-type=module", "-e", source]
    elif language == "php":
        php = shutil.which("php")
        assert php
        (folder / "sample.php").write_text(source, encoding="utf-8")
        command = [php, "-d", "error_reporting=-1", "-d", "display_errors=stderr", "sample.php"]
    else:
        command = ["/bin/bash", "-euo", "pipefail", "-c", source.replace("curl ", "curl --silent --show-error --fail ")]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("operation", "sample"), SAMPLES)
def test_a_sample_runs(operation, sample, environment, tmp_path):
    """A sample of the reference runs as printed, and launches a call or reads its report."""
    if operation == "fetchReports":
        launch = 'from infobip_voice import VoiceClient\nVoiceClient().ivr.launch(scenario_id="S", to="41793026727")'
        run("python", launch, environment, tmp_path)
    out = run(sample.language, sample.source, environment, tmp_path)
    assert {"fetchReports": "DELIVERED_TO_HANDSET"}.get(operation, "PENDING_ACCEPTED") in out or (
        sample.language == "python" and "VoiceResponseDetails" in out
    )


@pytest.mark.parametrize("label", ["JavaScript", "PHP"])
@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[each["operationId"] for _, each in OPERATIONS])
def test_a_sample_fails_when_it_is_refused(path, operation, label, environment, tmp_path):
    """A sample does not take a refusal for an answer: a wrong password ends it with an error."""
    [sample] = [each for each in samples(path, operation) if each.label == label]
    with pytest.raises(AssertionError, match="401"):
        run(sample.language, sample.source, {**environment, "INFOBIP_PASSWORD": "wrong"}, tmp_path)


def test_every_operation_has_every_language():
    """Each has curl for JSON and XML, Python with threads and asyncio, JavaScript and PHP."""
    languages = ["curl", "curl (XML)", "Python", "Python (async)", "JavaScript", "PHP"]
    for path, operation in OPERATIONS:
        assert [sample.label for sample in samples(path, operation)] == languages


PUSHES = [operation for item in CONTRACT["webhooks"].values() for operation in item.values()]


@pytest.mark.parametrize(
    ("operation", "sample"),
    [
        pytest.param(operation, sample, id=f"{operation['operationId']}-{sample.label}")
        for operation in PUSHES
        for sample in push_samples(operation)
    ],
)
def test_a_sample_of_a_webhook_runs(operation, sample, environment, voice_pushes, tmp_path):
    """A sample of a webhook reaches a receiver, or reads one delivered report."""
    out = run(sample.language, sample.source, {**environment, "RECEIVER_URL": voice_pushes.url}, tmp_path)
    if sample.language == "python":
        assert out.splitlines() == ["ff4804ef-6ab6-4abd-984d-ab3b1387e852 True 0.01", "0 not understood"]
    else:
        [pushed] = voice_pushes.received
        assert b"ff4804ef-6ab6-4abd-984d-ab3b1387e852" in pushed.body


@pytest.mark.parametrize("name", ["launch.sh", "launch.py", "launch_async.py"])
def test_a_snippet_of_the_landing_page_runs(name, environment, tmp_path):
    """A snippet launches a call and reads its report."""
    source = (ROOT / "docs/snippets" / name).read_text()
    out = run("python" if name.endswith(".py") else "bash", source, environment, tmp_path)
    assert "DELIVERED_TO_HANDSET" in out
    if name.endswith(".py"):
        assert without_ids(out) == without_ids((ROOT / "docs/snippets/printed.txt").read_text())


def test_the_variables_of_the_landing_page():
    """They name the mock's default address and the credentials of the vendor's documentation."""
    text = (ROOT / "docs/snippets/environment.sh").read_text()
    assert text == (
        ". .venv/bin/activate\n"
        "export INFOBIP_BASE_URL=http://127.0.0.1:8080\n"
        "export INFOBIP_USERNAME=Aladdin INFOBIP_PASSWORD='open sesame'\n"
    )


def without_ids(text: str) -> str:
    """Return what was printed, with the same word for each id that is made anew in each run."""
    return re.sub(r"\b[a-p]{32}\b", "ID", text)


@pytest.mark.parametrize(("language", "block", "printed"), BLOCKS)
def test_a_block_of_the_readme_or_a_guide_runs(language, block, printed, environment, tmp_path, request):
    """A block with a test runs under pytest, any other as a script, and prints what is said."""
    if "SPOOL" in block:
        spool = request.getfixturevalue("postgres").url()
        environment = {**environment, "SPOOL": spool, "INFOBIP_PUSH_SECRET": "2f1c9a"}
    if "def test_" not in block:
        out = run(language, block, environment, tmp_path)
        assert not printed or without_ids(out) == without_ids(printed)
        return
    (tmp_path / "test_block.py").write_text(block)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_block.py"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
