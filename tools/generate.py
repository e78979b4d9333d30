"""Regenerate `generated/` from `openapi.yaml` and `generator-config.yml`.

    python tools/generate.py            write `generated/`, touching only what differs
    python tools/generate.py --check    write nothing; exit 1 and name every file that differs

The result depends on those two files, on the options below and on the versions of the tools, and
on nothing else. `generated/lock.json` records the versions. `build_hook.py` imports this module, so
building a wheel regenerates too.
"""

import argparse
import copy
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract_source import read
from contract_source.operations import operations_module
from contract_source.xml_plan import HEADER, xml_plan_module

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("openapi-python-client", "datamodel-code-generator", "ruff")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Json = dict[str, Any]


def generate(target: Path) -> None:
    """Write both packages and the lock file into the empty folder `target`.

    Raises:
        SystemExit: A generator failed or warned, or the XML codec does not support what a schema
            says in `xml:`.
    """
    config = ROOT / "generator-config.yml"
    contract = read(ROOT / "openapi.yaml")
    plan = xml_plan_module(contract["components"]["schemas"])  # first, because it fails fast
    with tempfile.TemporaryDirectory() as folder:
        # openapi-python-client warns of XML bodies and ignores XML answers. Without them it
        # generates the same code, and every warning can be an error.
        json_only = Path(folder, "openapi.json")
        json_only.write_text(json.dumps(without_xml_bodies(contract)))
        client = target / "infobip_voice_client"
        run("openapi_python_client", "generate", "--path", json_only, "--config", config, "--meta", "none",
            "--output-path", client, "--fail-on-warning")  # fmt: skip
        schema = target / "infobip_voice_schema"
        schema.mkdir()
        run("datamodel_code_generator", "--input", json_only, "--input-file-type", "openapi",
            "--output", schema / "models.py", "--output-model-type", "msgspec.Struct",
            "--target-python-version", "3.11",
            "--snake-case-field", "--use-annotated", "--collapse-root-models", "--keyword-only",
            "--enum-field-as-literal", "all", "--use-standard-collections", "--use-union-operator",
            "--use-schema-description",
            "--custom-file-header", HEADER.strip(), "--formatters", "ruff-check", "ruff-format",
            cwd=folder)  # fmt: skip
    (schema / "__init__.py").write_bytes(b"")
    (schema / "py.typed").write_bytes(b"")
    (schema / "openapi.json").write_text(json.dumps(contract, indent=1) + "\n", encoding="utf-8")
    (schema / "xml_plan.py").write_text(plan, encoding="utf-8")
    (schema / "operations.py").write_text(operations_module(contract["paths"]), encoding="utf-8")
    run("ruff", "format", "--isolated", "--no-cache", "--quiet", schema / "xml_plan.py", schema / "operations.py")
    lock = {name: importlib.metadata.version(name) for name in TOOLS}
    (target / "lock.json").write_text(json.dumps(lock, indent=2) + "\n")


def run(module: str, *arguments: str | Path, cwd: str | None = None) -> None:
    """Run a tool of this environment as a module; a failure or a warning ends the generation."""
    # The generator's hooks call `ruff` by name; PATH makes them find the one of this environment.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode or "warning" in done.stdout.lower():
        raise SystemExit(f"{module} failed ({done.returncode}):\n{done.stdout}")


def without_xml_bodies(contract: Json) -> Json:
    """Return a copy of the document without its XML bodies."""
    document = copy.deepcopy(contract)
    operations = [
        item[method] for item in document["paths"].values() for method in METHODS if method in item
    ]  # fmt: skip
    bodies = [operation["requestBody"] for operation in operations if "requestBody" in operation]
    for body in [*bodies, *document["components"]["responses"].values()]:
        body["content"].pop("application/xml", None)
    return document


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below `folder`, caches left out, by its relative path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(walk(folder))}


def walk(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def differences(wanted: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    """Return one line for each file that is missing, changed or stale."""
    lines = [f"missing  {name}" for name in wanted.keys() - found.keys()]
    lines += [f"stale    {name}" for name in found.keys() - wanted.keys()]
    lines += [f"changed  {name}" for name in wanted.keys() & found.keys() if wanted[name] != found[name]]
    return sorted(lines)


def main(check: bool = False) -> None:
    """Regenerate, or with `check` only compare.

    Raises:
        SystemExit: With `check`, a file differs.
    """
    committed = ROOT / "generated"
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        wanted = files(Path(folder))
    found = files(committed)
    lines = differences(wanted, found)
    if check:
        if lines:
            raise SystemExit("generated/ is not what openapi.yaml gives; run `make generate`:\n" + "\n".join(lines))
        return
    for name in found.keys() - wanted.keys():
        (committed / name).unlink()
    for name, content in wanted.items():
        if found.get(name) != content:
            (committed / name).parent.mkdir(parents=True, exist_ok=True)
            (committed / name).write_bytes(content)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything differs")
    main(parser.parse_args().check)
