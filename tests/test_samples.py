"""Every Python sample of the README and the guides type-checks, as in a reader's editor."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/guides").glob("*.md"))]
# What a sample expects its reader to have.
GIVEN = {
    "SECRET": 'SECRET: str = "right"',
    "store": "def store(what: object) -> None: ...",
    "numbers": "numbers: list[str] = []",
    "client": 'client = _sdk.VoiceClient(base_url="http://127.0.0.1", api_key="k")',
}


def samples() -> list[tuple[str, str]]:
    return [
        (f"{page.stem.replace('-', '_')}_{number}.py", block)
        for page in PAGES
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
    ]


def complete(block: str) -> str:
    """Return a sample with what its reader has in front of it."""
    nodes = list(ast.walk(ast.parse(block)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    made = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    made |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    given = [line for name, line in GIVEN.items() if name in {each.id for each in names} - made]
    if "django" in block:  # it has no types of its own
        given.insert(0, '# mypy: disable-error-code="import-untyped,untyped-decorator,no-any-return"')
    return "\n".join(["import infobip_voice as _sdk", *given, block])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    for name, block in samples():
        (folder / name).write_text(complete(block))
    return folder


def test_there_are_samples() -> None:
    """The README has some, and every guide that shows Python."""
    assert len(samples()) >= 12
    assert any(name.startswith("README") for name, _ in samples())


@pytest.mark.parametrize("tool", ["mypy", "pyright"])
def test_every_sample_type_checks(tool: str, folder: Path) -> None:
    """`mypy --strict` and pyright, with nothing of this checkout's settings."""
    if tool == "mypy":
        # Each file alone: two samples may define the same name.
        arguments = ["-m", "mypy", "--strict", "--config-file", "/dev/null", "--scripts-are-modules", str(folder)]
    else:
        arguments = ["-m", "pyright", "--pythonpath", sys.executable, "--project", str(folder)]
        (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}')
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
