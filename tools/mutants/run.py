"""Run mutmut on one module, in a copy of the code below `build/`."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import libcst as cst
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from mutants.survivors import MODULES, ROOT, Change

SURVIVED: Final = (0, 5, 33)  # the tests passed; there were none
FAILED: Final = 255  # pytest could not be run
MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a spool syncs at every step, which takes a disk half of the run
SQL: Final = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|BEGIN|COMMIT|ROLLBACK|PRAGMA|WHERE|RETURNING|CONFLICT|ORDER)\b"
)

CONFIGURATION: Final = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["{path}"]
pytest_add_cli_args_test_selection = {tests}
# A test that fails leaks what it held, and pytest's complaint about that would hide the verdict.
pytest_add_cli_args = [
    "-p", "mutants.pytest_plugin", "-p", "infobip_voice_mock.pytest_plugin",
    "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception",
    # Nobody reads what a failing assertion says. To rewrite them takes half the time of a mutant, and
    # so does looking for the source of each line of a traceback.
    "--assert=plain", "--tb=native",
]
# Each mutant starts from a process that has imported none of our code: what that had computed would
# hide the mutant.
process_isolation = "forkserver"
forkserver_warmup = "import"
preload_modules_file = "preload"
# A mutant that waits for ever is stopped after six times what its tests take, and a minute: on a
# busy machine a shorter time would stop one that only waits for its turn.
timeout_multiplier = 6.0
timeout_constant = 10.0
use_git_change_detection = false
"""


class Result(NamedTuple):
    """What became of the mutants of a module: how many there were, and which survived."""

    total: int
    survived: Counter[Change]


def run(module: str) -> Result:
    """Make every mutant of a module and run its tests on each.

    Raises:
        SystemExit: the tests fail without a mutant, or the run itself fails.
    """
    folder = ROOT / "build/mutants" / module
    path = f"src/{module.replace('.', '/')}.py"
    _stage(folder, path, MODULES[module].tests)
    # Processes that a test starts find the mutated code by PYTHONPATH, and the mutant's name in
    # their environment.
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": os.pathsep.join([f"{folder}/mutants/src", f"{ROOT}/tools"]),
        # Registering plugins that nobody uses here takes half the time of a mutant.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        **({"PYTEST_DEBUG_TEMPROOT": str(MEMORY)} if MEMORY.is_dir() else {}),
    }
    log = folder / "log"
    command = [str(Path(sys.executable).with_name("mutmut")), "run", *_patterns(module)]
    with (
        log.open("w") as file,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=file, stderr=file, start_new_session=True
        ) as running,
    ):
        try:
            code = running.wait()
        finally:  # a mutant that was stopped may have left processes of its own behind
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
    if code:
        raise SystemExit(f"{module}: mutmut failed\n{log.read_text()[-2000:]}")
    return _result(folder, module, path)


def _patterns(module: str) -> list[str]:
    """Return the mutants to run, as mutmut names them."""
    functions = MODULES[module].functions
    return [f"{module}.x_{name}__mutmut_*" for name in functions] + [f"{module}.xǁ{name}ǁ*" for name in functions]


def _stage(folder: Path, path: str, tests: Sequence[str]) -> None:
    """Lay out what mutmut needs: the code in `src`, and below `mutants` all that the tests read."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "overlays", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    source = folder / path
    source.write_text(undecorated(source.read_text()))
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    # Python looks only once whether a folder on its path exists: this one has to be there before
    # mutmut fills it.
    (folder / "mutants/src").mkdir(parents=True)
    for name in ("docs", "generated", "openapi.yaml", "overlays", "README.md", "tools"):
        (folder / "mutants" / name).symlink_to(ROOT / name)
    configuration = CONFIGURATION.format(path=path, tests=json.dumps(list(tests)))
    (folder / "preload").write_text("mutants.preload\n")
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text() + configuration)


def undecorated(source: str) -> str:
    """Return the source with `@decorator` over functions written as calls after them: mutmut leaves
    decorated ones alone.
    """
    return cst.parse_module(source).visit(_Undecorated()).code


class _Undecorated(cst.CSTTransformer):
    KINDS: Final = ("property", "contextmanager", "cache", "lru_cache")

    def __init__(self) -> None:
        self._inside = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - libcst's name
        self._inside += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> Any:  # noqa: N802
        self._inside -= 1
        if self._inside or len(updated_node.decorators) != 1:
            return updated_node
        decorator = cst.Module([]).code_for_node(updated_node.decorators[0].decorator)
        if decorator.partition("(")[0] not in self.KINDS:
            return updated_node
        name = updated_node.name.value
        call = cst.parse_statement(f"{name} = {decorator}({name})")
        return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), call])


def _result(folder: Path, module: str, path: str) -> Result:
    codes: dict[str, int | None] = json.loads((folder / f"mutants/{path}.meta").read_text())["exit_code_by_key"]
    tried = {name: code for name, code in codes.items() if code is not None}
    if failed := [name for name, code in tried.items() if code == FAILED]:
        raise SystemExit(f"{module}: no verdict on {', '.join(failed)}")
    with contextlib.chdir(folder):
        survived = Counter(_change(module, path, name) for name, code in tried.items() if code in SURVIVED)
    same = Counter({change: count for change, count in survived.items() if _is_the_same_sql(change)})
    return Result(len(tried) - same.total(), survived - same)


def _is_the_same_sql(change: Change) -> bool:
    """Return whether nothing but the case of SQL was changed: that is no mutant."""
    return change.before.lower() == change.after.lower() and SQL.search(change.before) is not None


def _change(module: str, path: str, name: str) -> Change:
    function, class_name = orig_function_and_class_names_from_key(name)
    before: list[str] = []
    after: list[str] = []
    for line in get_diff_for_mutant(name, path=path).splitlines()[2:]:
        if line.startswith("-"):
            before.append(line[1:].strip())
        elif line.startswith("+"):
            after.append(line[1:].strip())
    return Change(module, f"{class_name}.{function}" if class_name else function, " ".join(before), " ".join(after))
