"""The consumers: for each its name, what runs, and how."""

import json
from abc import abstractmethod
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Protocol

import jsonschema_rs
import re2
from ruamel.yaml import YAML

from consumers.browser import RENDERERS
from consumers.workplace import CONTRACT, NODE_MODULES, PROGRAMS, PYTHON, Failed, call, empty, locked
from infobip_voice_mock.running import running_mock

__all__ = ["CONSUMERS", "Consumer", "Failed", "check"]


class Consumer(Protocol):
    """Somebody else's tool.

    Attributes:
        name: Its name in the table.
        ran: What of it ran.
    """

    @property
    def name(self) -> str: ...

    @property
    def ran(self) -> str: ...

    @abstractmethod
    def version(self) -> str:
        """Return the version of the tool."""

    @abstractmethod
    def run(self) -> None:
        """Run it.

        Raises:
            Failed: it does not do what it should.
        """


def _generate(generator: str, folder: Path, *options: str) -> None:
    """Run openapi-generator. If it overwrites a file of its own, the contract is at fault."""
    command = PYTHON.with_name("openapi-generator-cli")
    told = call(command, "generate", "-i", CONTRACT, "-g", generator, "-o", folder / generator, *options)
    lost = [line for line in told.splitlines() if "Duplicate file path" in line]
    if lost:
        raise Failed("one file of the client overwrites another:\n" + "\n".join(lost))


def check(printed: str, calls: list[dict[str, Any]], requests: int) -> None:
    """Hold what a client says of its launches and reports against what the mock has seen."""
    told = json.loads(printed.splitlines()[-1])
    made = sorted(call["messageId"] for call in calls)
    if len(made) != 2 or sorted(told["launched"]) != made:
        raise Failed(f"launched {told['launched']}, and the mock has made {made}")
    if sorted(told["reports"]) != made or told["again"] != 0:
        raise Failed(f"fetched reports of {told['reports']} and then {told['again']} more, of {made}")
    if requests != 4:
        raise Failed(f"it sent {requests} requests and not 4")


@dataclass(frozen=True)
class Client:
    """A client that is generated, built, and used against the mock."""

    name: str
    ran: str
    generator: str
    tool: str

    def version(self) -> str:
        """Return the version of the generator."""
        return version(self.tool) if self.tool == "datamodel-code-generator" else locked(self.tool)

    def run(self) -> None:
        """Generate it, build it, and let it launch two calls and fetch their reports."""
        folder = empty(self.name)
        command, variables = getattr(self, f"_{self.name}")(folder)
        with running_mock() as mock:
            account = {
                "BASE_URL": mock.base_url, "VOICE_USER": mock.username, "VOICE_PASSWORD": mock.credentials["password"],
            }  # fmt: skip
            printed = call(*command, cwd=folder, env={**account, **variables})
            check(printed, mock.control("GET", "calls"), len(mock.control("GET", "requests")))

    def _python(self, folder: Path) -> tuple[list[str | Path], dict[str, str]]:
        _generate(self.generator, folder)
        return [PYTHON, PROGRAMS / "client.py"], {"PYTHONPATH": str(folder / self.generator)}

    def _pydantic(self, folder: Path) -> tuple[list[str | Path], dict[str, str]]:
        call(
            "datamodel-codegen", "--input", CONTRACT, "--input-file-type", "openapi",
            "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin",
            "--output", folder / "voice_models.py",
        )  # fmt: skip
        return [PYTHON, PROGRAMS / "models.py"], {"PYTHONPATH": str(folder)}

    def _php(self, folder: Path) -> tuple[list[str | Path], dict[str, str]]:
        _generate(self.generator, folder)
        return ["php", PROGRAMS / "client.php"], {"CLIENT": str(folder / self.generator)}

    def _typescript(self, folder: Path) -> tuple[list[str | Path], dict[str, str]]:
        _generate(self.generator, folder)
        (folder / "client.ts").write_text((PROGRAMS / "client.ts").read_text())
        _compile(folder, "client.ts")
        return ["node", folder / "js" / "client.js"], {}


def _compile(folder: Path, *sources: str) -> None:
    call(
        NODE_MODULES / ".bin" / "tsc", "--strict", "--outDir", "js", "--target", "es2022", "--module", "commonjs",
        "--moduleResolution", "node10", "--typeRoots", NODE_MODULES / "@types", "--types", "node", *sources, cwd=folder,
    )  # fmt: skip


@dataclass(frozen=True)
class Types:
    """TypeScript types that compile, and are what a program takes them for."""

    name: str = "typescript-types"
    ran: str = "openapi-typescript and hey-api: generated, tsc --strict of a program"

    def version(self) -> str:
        """Return both versions."""
        return f"{locked('openapi-typescript')}, {locked('@hey-api/openapi-ts')}"

    def run(self) -> None:
        """Generate both, and compile a program that uses them."""
        folder = empty(self.name)
        call(NODE_MODULES / ".bin" / "openapi-typescript", CONTRACT, "-o", folder / "openapi-typescript.ts", cwd=folder)
        call(NODE_MODULES / ".bin" / "openapi-ts", "-i", CONTRACT, "-o", folder / "hey-api", cwd=folder)
        (folder / "types.ts").write_text((PROGRAMS / "types.ts").read_text())
        _compile(folder, "types.ts")


@dataclass(frozen=True)
class Sources:
    """A client that is generated, and whose patterns its language's engine compiles."""

    name: str
    ran: str
    generator: str
    options: tuple[str, ...] = ()

    def version(self) -> str:
        """Return the version of the generator."""
        return locked("openapi-generator-cli")

    def run(self) -> None:
        """Generate it, and hold the patterns of the contract against the engine."""
        folder = empty(self.name)
        _generate(self.generator, folder, *self.options)
        if not list(folder.rglob("*eports*")):
            raise Failed("there is no module of the reports")
        for pattern in _patterns():
            self._compile(pattern)

    def _compile(self, pattern: str) -> None:
        try:
            if self.name == "go":
                re2.compile(pattern)  # Go's engine
            elif self.name == "rust":
                jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions())
        except (ValueError, re2.error) as error:
            raise Failed(f"the pattern {pattern!r} is none in this language: {error}") from None


def _patterns() -> list[str]:
    return sorted(_found(YAML(typ="safe", pure=True).load(CONTRACT)))


def _found(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
        return own.union(*map(_found, node.values()))
    return set[str]().union(*map(_found, node)) if isinstance(node, list) else set()


_TWICE: Final = "both launches and their reports, once"
CONSUMERS: Final[tuple[Consumer, ...]] = (
    Client("python", f"generated, {_TWICE}", "python", "openapi-generator-cli"),
    Client("typescript", f"generated, tsc --strict, {_TWICE}", "typescript-fetch", "openapi-generator-cli"),
    Client("php", f"generated, {_TWICE}", "php", "openapi-generator-cli"),
    Client("pydantic", f"models generated, {_TWICE}", "", "datamodel-code-generator"),
    Types(),
    Sources("java", "generated with XML", "java", ("--library", "resttemplate", "-p", "withXml=true")),
    Sources("go", "generated; patterns compiled by google-re2", "go"),
    Sources("rust", "generated; patterns compiled by Rust's regex (jsonschema-rs)", "rust"),
    *RENDERERS,
)
