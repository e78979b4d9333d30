"""The guide "Regenerate on change" shows what the command does."""

import re
import shlex
from pathlib import Path

from ruamel.yaml import YAML

from infobip_voice_cli import main
from infobip_voice_cli.fetching import MAX_CONTRACT_BYTES, MAX_SECONDS
from infobip_voice_cli.regenerate import EPILOG
from regenerate.conftest import Page

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guides/regenerate.md").read_text(encoding="utf-8")
ADDRESS = "https://voice.example.com"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_its_lines_give_what_it_shows(tmp_path, monkeypatch, serve, capsys):
    """The settings, the command and both reports are those of the guide, word for word."""
    server = serve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "generator.yml").write_text(blocks("yaml")[0])
    published = re.sub(rb"(?m)^  version: .*$", b"  version: 1.1.0", (ROOT / "openapi.yaml").read_bytes(), count=1)
    server.pages["/openapi.yaml"] = Page(published)
    program, *words = shlex.split(blocks("console")[1].replace("\\\n", "").replace(ADDRESS, server.url))
    assert program == "infobip-voice"
    first, second = blocks("output")
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(first)
    changed = published.replace(b"required: [scenarioId, destinations]", b"required: [scenarioId, destinations, from]")
    server.pages["/openapi.yaml"] = Page(changed.replace(b"  version: 1.1.0", b"  version: 2.0.0", 1))
    assert main(words) == 1
    shown = re.sub(r"The contract has the sha256 `\w+`\.\n\n", "", capsys.readouterr().out)
    assert shown.split() == second.split()
    assert main([*words, "--accept-breaking"]) == 0


def test_its_numbers_are_those_of_the_command():
    """Exit codes, limits and the inputs of the workflow."""
    assert set(re.findall(r"\| ([0-9]) \|$", GUIDE, re.MULTILINE)) == set(
        re.findall(r"^  ([0-9])  ", EPILOG, re.MULTILINE)
    )
    assert f"above {MAX_CONTRACT_BYTES // 2**20} MiB" in GUIDE
    assert "more than a minute" in GUIDE
    assert MAX_SECONDS == 60
    [pinned] = re.findall(r"openapi-python-client==[\d.]+", GUIDE)
    assert f'"{pinned}"' in (ROOT / "pyproject.toml").read_text()
    yaml = YAML(typ="safe", pure=True)
    [job] = yaml.load(blocks("yaml")[1])["jobs"].values()
    workflow = yaml.load(ROOT / ".github/workflows/regenerate.yml")
    inputs = workflow["on"]["workflow_call"]["inputs"]
    assert {name for name, each in inputs.items() if each.get("required")} == job["with"].keys()
    assert job["uses"].split("@")[0].endswith("/infobip-voice/.github/workflows/regenerate.yml")
    assert "`infobip-voice/regenerate`" in GUIDE
    assert "BRANCH: infobip-voice/regenerate" in (ROOT / ".github/workflows/regenerate.yml").read_text()
