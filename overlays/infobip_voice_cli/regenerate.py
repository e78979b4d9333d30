"""`infobip-voice regenerate`: generate a client anew when its contract changes."""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from os.path import realpath  # of a link to itself Path.resolve raises no OSError
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from infobip_voice_cli.connection import REJECTED, USAGE
from infobip_voice_cli.fetching import fetch, read
from infobip_voice_cli.folders import CACHES, beside, digests, publish
from infobip_voice_cli.terminal import say, write

if TYPE_CHECKING:
    from infobip_voice_diff.changes import Change

__all__ = ["add_parser"]

Json = dict[str, Any]

MAX_GENERATION_SECONDS: Final = 300.0
MAX_COMPARISON_SECONDS: Final = 60.0
MAX_OUTPUT_SHOWN: Final = 4000
MAX_NAMES: Final = 5
GENERATOR: Final = "openapi-python-client"
RECORD: Final = ".regenerate"
_NEEDED: Final = ("greenery", "ruamel.yaml")
STRANGERS: Final = "Your own code belongs beside the client: move it away, or delete the folder, and run this again"
DESCRIPTION: Final = """\
Generate a Python client from a contract with your openapi-python-client and your
configuration, and say what changed since the last time and whether it breaks you.

DIR becomes the package (as with `--meta none`). It is replaced as a whole, or not
at all: a change that breaks you, a failure, a warning of the generator or a kill
leaves the old client. DIR/.regenerate holds the contract that the client was
generated from, because the next one is compared with it, and a lock with the
hashes of everything. Commit both.
"""
EPILOG: Final = """\
exit codes:
  0  up to date, or written anew and nothing breaks (or --accept-breaking)
  1  the contract changed in a way that breaks you, and the old client was left;
     with --check: the client is not what the contract gives
  2  the run failed, and the old client was left
"""


class Paths(NamedTuple):
    """Where the client is, the workplace beside it, and the descriptor of the workplace's lock."""

    out: Path
    place: Path
    lock: int

    @property
    def new(self) -> Path:
        """Return the folder of the new client; its hooks see the name that it will have."""
        return self.place / "new" / self.out.name


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    parser = commands.add_parser(
        "regenerate", help="generate your client anew when the contract changes", description=DESCRIPTION,
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--contract", required=True, metavar="URL|FILE", help="the contract; a URL has to be https")
    parser.add_argument("--config", required=True, type=Path, metavar="FILE", help="settings of openapi-python-client")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the package to generate")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if the client is out of date")
    parser.add_argument("--accept-breaking", action="store_true", help="write the client although it breaks you")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        missing = [name for name in _NEEDED if find_spec(name) is None]
    except ModuleNotFoundError:  # there is not even a `ruamel`
        missing = list(_NEEDED)
    if missing:
        say(f"regenerate needs {' and '.join(missing)}: pip install 'infobip-voice[regenerate]'")
        return USAGE
    try:
        code, lines = _regenerate(arguments)
    except (ValueError, OSError) as error:
        say(str(error))
        say(f"{arguments.out} was left as it was")
        return USAGE
    write("\n".join(lines))
    return code


def _regenerate(arguments: argparse.Namespace) -> tuple[int, list[str]]:
    """Return the exit code and the lines of the report."""
    out = Path(realpath(arguments.out))
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out} is a file, and would be replaced: give a folder for the client alone")
    if Path.cwd().is_relative_to(out):
        raise ValueError(f"{out} would be replaced, and you stand in it: give a folder for the client alone")
    config = arguments.config.read_bytes()
    content = fetch(arguments.contract)
    contract = read(content, "the contract")
    with beside(out) as (place, lock):
        paths = Paths(out, place, lock)
        known = _known(out)
        generator = _generated(contract, Path(realpath(arguments.config)), paths)
        made = digests(paths.new)
        strangers = _strangers(digests(out), known.get("files", {}), made)
        if strangers and not arguments.check:
            raise ValueError(f"{strangers}. {STRANGERS}")
        changes = _changes(contract, known, made, paths) if known else []
        record = {
            "contract": {"version": str(contract["info"]["version"]), "sha256": hashlib.sha256(content).hexdigest()},
            "generator": generator,
            "config": hashlib.sha256(config).hexdigest(),
            "files": made,
        }
        (paths.new / RECORD).mkdir()
        (paths.new / RECORD / "contract.yaml").write_bytes(content)
        (paths.new / RECORD / "lock.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        stale = digests(out) != digests(paths.new)
        breaking = any(change.verdict == "breaking" for change in changes)
        stopped = breaking and not arguments.accept_breaking
        if stale and not arguments.check and not stopped:
            publish(paths.new, out, place)
    shown = arguments.out
    if not stale:
        verdict = f"`{shown}` is up to date."
    elif arguments.check:
        verdict = f"`{shown}` is out of date{', and the change breaks you' if breaking else ''}. Nothing was written."
        verdict += f" {strangers}." if strangers else ""
    elif stopped:
        verdict = (
            f"**This breaks you.** `{shown}` was left as it is. Read what is breaking below, run the command again "
            "with `--accept-breaking`, change your code to fit, and run your tests."
        )
    else:
        verdict = f"`{shown}` was written anew{': **this breaks you**' if breaking else ''}."
    code = REJECTED if stale and (arguments.check or stopped) else 0
    return code, list(_report(verdict, changes, known, record))


def _known(out: Path) -> Json:
    """Return the lock of the last generation, and its contract; nothing if there was none."""
    folder = out / RECORD
    if not folder.exists():
        return {}
    try:
        known: Json = json.loads((folder / "lock.json").read_bytes())
        content = (folder / "contract.yaml").read_bytes()
        if hashlib.sha256(content).hexdigest() != known["contract"]["sha256"]:
            raise ValueError("its hash is another one")
        document = read(content, "the old contract")
        return {key: known[key] for key in ("contract", "generator", "config", "files")} | {"document": document}
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ValueError(f"{folder} is damaged: restore it from your repository ({error})") from None


def _generated(contract: Json, config: Path, paths: Paths) -> str:
    """Generate the new client; return the version of the generator."""
    # What was installed with this command comes first, whichever environment is active.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    program = shutil.which(GENERATOR, path=path)
    if program is None:
        raise ValueError(f"there is no {GENERATOR}: pip install {GENERATOR}, and pin its version in your requirements")
    # It warns of XML bodies and ignores XML answers. Without them it generates the same code, and
    # every warning can be an error: it only warns where it leaves an operation out.
    source = paths.place / "openapi.json"
    source.write_text(json.dumps(_without_xml(contract)), encoding="utf-8")
    paths.new.parent.mkdir()
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    words = ("generate", "--path", source, "--config", config, "--meta", "none", "--output-path", paths.new)
    _printed(GENERATOR, [program, *words, "--fail-on-warning"], MAX_GENERATION_SECONDS, paths, environment)
    if not paths.new.is_dir():
        raise ValueError(f"{GENERATOR} generated nothing")
    for cache in [each for each in paths.new.rglob("*") if each.name in CACHES]:
        shutil.rmtree(cache)
    if Path(program).parent == Path(sys.executable).parent:
        return version(GENERATOR)  # a second start of the generator takes as long as the first
    return _printed(GENERATOR, [program, "--version"], MAX_COMPARISON_SECONDS, paths, environment).split()[-1]


def _without_xml(node: Any) -> Any:
    """Return a document without each XML body that stands beside its twin in JSON."""
    if isinstance(node, list):
        return [_without_xml(each) for each in cast(list[object], node)]
    if not isinstance(node, dict):
        return node
    members = cast(Json, node)
    twins = "application/json" in members
    return {key: _without_xml(each) for key, each in members.items() if not (twins and key == "application/xml")}


def _changes(contract: Json, known: Json, made: dict[str, str], paths: Paths) -> "list[Change]":
    """Return what changed in the contract, and which modules are gone, the gravest first."""
    from infobip_voice_diff.changes import Change

    files = [paths.place / name for name in ("before.json", "after.json")]
    for file, document in zip(files, (known["document"], contract), strict=True):
        file.write_text(json.dumps(document), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "infobip_voice_diff", *files]
    printed = _printed("the comparison of the contracts", command, MAX_COMPARISON_SECONDS, paths, dict(os.environ))
    rows = json.loads(printed.splitlines()[-1])
    gone = sorted(name for name in known["files"].keys() - made.keys() if name.endswith(".py"))
    modules = [Change("breaking", name, "no longer generated", "code that imports it fails", name) for name in gone]
    return modules + [Change(**row) for row in rows]


def _printed(name: str, command: list[Any], seconds: float, paths: Paths, environment: dict[str, str]) -> str:
    """Run a program to its end and return what it prints; it keeps the lock while it lives."""
    log = paths.place / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            env=environment, start_new_session=True, pass_fds=[paths.lock],
        )  # fmt: skip
        try:
            code = process.wait(seconds)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(error, subprocess.TimeoutExpired):
                raise ValueError(f"{name} took longer than {seconds:g} seconds") from None
            raise
    text = log.read_text(encoding="utf-8", errors="replace").strip()
    if code != 0:
        raise ValueError(f"{name} failed or warned ({code}):\n{text[:MAX_OUTPUT_SHOWN]}")
    return text


def _strangers(present: dict[str, str], known: dict[str, str], made: dict[str, str]) -> str:
    """Name the files that neither the last generation made nor this one makes."""
    strangers = [
        name for name, digest in present.items()
        if not name.startswith(f"{RECORD}/") and digest not in (known.get(name), made.get(name))
    ]  # fmt: skip
    edited = [name for name in strangers if name in known or name in made]
    foreign = [name for name in strangers if name not in edited]
    said = [(edited, "changed by hand"), (foreign, "not generated")]
    return "; ".join(f"{words}: {_listed(names)}" for names, words in said if names)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more


def _report(verdict: str, changes: "list[Change]", known: Json, record: Json) -> Iterator[str]:
    from infobip_voice_diff.words import changes_in_words

    was, now = known.get("contract", {}).get("version"), record["contract"]["version"]
    yield from (f"# Contract {now}" if was in (None, now) else f"# Contract {was} → {now}", "", verdict)
    yield from ("", f"The contract has the sha256 `{record['contract']['sha256']}`.")
    if not known:
        yield from ("", "There was no client before: there is nothing to compare with.")
        return
    yield from changes_in_words(changes) if changes else ("", "The contract says the same as before.")
    before, after = known["files"], record["files"]
    if before != after:
        added, gone = len(after.keys() - before.keys()), len(before.keys() - after.keys())
        changed = sum(before[name] != after[name] for name in before.keys() & after.keys())
        yield from ("", f"Files of the new client: {changed} changed, {added} new, {gone} gone.")
    if known["generator"] != record["generator"]:
        yield f"Generator: {known['generator']} → {record['generator']}."
    if known["config"] != record["config"]:
        yield "The configuration of the generator changed."
