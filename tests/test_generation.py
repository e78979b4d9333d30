"""Regeneration depends on the contract alone, is complete, and equals the stock generator."""

import filecmp
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import build_hook
import generate

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what regeneration reads and writes."""
    shutil.copytree(ROOT / "tools/contract_source", tmp_path / "tools/contract_source")
    for name in ("openapi.yaml", "generator-config.yml", "tools/generate.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "generated", tmp_path / "generated", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_difference_is_named_and_mended(checkout, monkeypatch):
    """The check names each file that is new, edited or gone; regenerating mends only those."""
    committed = checkout / "generated"
    monkeypatch.setattr(generate, "ROOT", checkout)
    monkeypatch.setattr(generate, "generate", partial(shutil.copytree, ROOT / "generated", dirs_exist_ok=True))
    (committed / "infobip_voice_client/models/price.py").write_text("edited")
    (committed / "infobip_voice_client/stale.py").write_text("stale")
    (committed / "infobip_voice_schema/xml_plan.py").unlink()
    untouched = (committed / "infobip_voice_client/client.py").stat().st_mtime_ns
    with pytest.raises(SystemExit) as found:
        generate.main(check=True)
    assert str(found.value).splitlines()[1:] == [
        "changed  infobip_voice_client/models/price.py",
        "missing  infobip_voice_schema/xml_plan.py",
        "stale    infobip_voice_client/stale.py",
    ]
    generate.main()
    generate.main(check=True)
    assert (committed / "infobip_voice_client/client.py").stat().st_mtime_ns == untouched


@pytest.mark.parametrize(("version", "runs"), [("standard", 1), ("editable", 0)])
def test_a_build_regenerates_and_an_editable_install_does_not(version, runs, monkeypatch):
    """`make setup` must not mend what `make check-generated` is there to find."""
    ran = []
    monkeypatch.setattr(generate, "main", lambda: ran.append(version))
    build_hook.RegenerateHook.initialize(None, version, {})
    assert len(ran) == runs


def test_the_stock_generator_gives_the_same_client(tmp_path):
    """With `openapi.yaml` and `generator-config.yml` alone, everybody gets the bytes we ship."""
    stock = tmp_path / "client"
    done = run(
        "openapi-python-client", "generate", "--path", ROOT / "openapi.yaml", "--config", ROOT / "generator-config.yml",
        "--meta", "none", "--output-path", stock,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert differences(filecmp.dircmp(ROOT / "generated/infobip_voice_client", stock, ignore=["__pycache__"])) == []


def differences(comparison: "filecmp.dircmp[str]") -> list[str]:
    _, mismatch, errors = filecmp.cmpfiles(
        comparison.left, comparison.right, comparison.common_files, shallow=False
    )  # fmt: skip
    found = [*comparison.left_only, *comparison.right_only, *mismatch, *errors]
    return found + [name for inner in comparison.subdirs.values() for name in differences(inner)]


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"type": "array", "items": {"type": "string"}}, "Made.member: the XML codec needs xml.wrapped on an array"),
        (
            {"type": "string", "xml": {"attribute": True}},
            "Made.member: xml.attribute is not supported by the XML codec",
        ),
        ({"type": ["string", "integer"]}, "Made.member: the XML codec needs exactly one type besides null"),
    ],
)
def test_what_the_codec_cannot_do_is_refused(schema, complaint):
    """A schema that XML cannot carry right ends the generation, and the message names it."""
    with pytest.raises(SystemExit, match=complaint):
        generate.xml_plan_module({"Made": {"type": "object", "properties": {"member": schema}}})


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string", "minLength": 1}, "text"),
        ({"type": ["string", "null"]}, "text"),
        ({"type": ["string", "null"], "pattern": "^[0-9]*$"}, "text"),
        ({"type": ["string", "null"], "pattern": "^[0-9]+$"}, ("nullable", "text")),
        ({"type": ["string", "null"], "minLength": 1}, ("nullable", "text")),
        ({"type": ["string", "null"], "enum": ["a", None]}, ("nullable", "text")),
        ({"type": ["string", "null"], "enum": ["", None]}, "text"),
        ({"type": ["integer", "null"]}, "integer"),
        ({"anyOf": [{"$ref": "#/components/schemas/Made"}, {"type": "null"}]}, ("nullable", ("ref", "Made"))),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, "text"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "integer"),
    ],
)
def test_where_an_empty_element_is_null(schema, kind):
    """The plan says so where the schema allows null and no empty text."""
    made = generate.xml_plan_module({"Made": {"type": "object", "properties": {"member": schema}}})
    plan = {}
    exec(made, plan)  # noqa: S102
    assert plan["PLAN"]["Made"] == ("Made", ("object", (("member", "member", kind),)))


def test_a_warning_ends_the_generation(checkout):
    """The generator only warns when it leaves a body out. We fail, and keep the old files."""
    contract = (checkout / "openapi.yaml").read_text()
    (checkout / "openapi.yaml").write_text(
        contract.replace("          application/xml:", "          application/cbor:", 1)
    )
    done = run(sys.executable, "tools/generate.py", cwd=checkout)
    assert done.returncode != 0
    assert "Unsupported content type application/cbor" in done.stderr
    assert differences(filecmp.dircmp(ROOT / "generated", checkout / "generated", ignore=["__pycache__"])) == []


def test_importing_the_sdk_reads_no_contract_and_compiles_no_schema():
    """Importing the SDK loads no YAML, no validator, no part of the mock, and no data file."""
    program = (
        "import json, sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import infobip_voice, infobip_voice_wire.xml\n"
        "print(json.dumps([sorted(sys.modules), opened]))\n"
    )
    done = run(sys.executable, "-c", program)
    assert done.returncode == 0, done.stderr
    modules, opened = json.loads(done.stdout)
    heavy = {
        "yaml",
        "ruamel",
        "msgspec",
        "jsonschema",
        "jsonschema_rs",
        "uvicorn",
        "infobip_voice_mock",
        "infobip_voice_schema.models",
    }
    assert heavy.isdisjoint(modules)
    assert [name for name in opened if "openapi" in Path(name).name] == []
