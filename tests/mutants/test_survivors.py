"""The list of mutants that no test kills points at code that is there, and says why of each."""

import ast
import tomllib
from collections import Counter
from itertools import groupby

import pytest

from mutants.survivors import LIST, MODULES, ROOT, Change, Survivor, as_toml, survivors


def path_of(module: str) -> str:
    return f"overlays/{module.replace('.', '/')}.py"


def functions(module: str) -> dict[str, list[str]]:
    """The lines of each function and method, without indentation."""
    source = (ROOT / path_of(module)).read_text()
    lines = [line.strip() for line in source.splitlines()]
    found: dict[str, list[str]] = {}
    for node in ast.parse(source).body:
        prefix, children = (f"{node.name}.", node.body) if isinstance(node, ast.ClassDef) else ("", [node])
        for child in children:
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                found[prefix + child.name] = lines[child.lineno - 1 : child.end_lineno]
    return found


def occurrences(text: str, lines: list[str]) -> int:
    """How often one line, or a few in a row, read like that."""
    return sum(text == " ".join(lines[at : at + count]) for at in range(len(lines)) for count in range(1, 6))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_and_its_tests_exist(module: str) -> None:
    """A module that was renamed would not be mutated, and nobody would notice."""
    assert (ROOT / path_of(module)).is_file()
    assert [test for test in MODULES[module].tests if not (ROOT / test.partition("::")[0]).exists()] == []
    there = {name for function in functions(module) for name in (function, function.partition(".")[0])}
    assert set(MODULES[module].functions) <= there


@pytest.mark.parametrize(
    ("module", "listed"),
    [(module, list(group)) for module, group in groupby(sorted(survivors()), lambda survivor: survivor.change.module)],
)
def test_every_survivor_points_at_code_that_is_there(module: str, listed: list[Survivor]) -> None:
    """Its lines stand in its function as often as they are listed, and it has a reason."""
    assert module in MODULES
    there = functions(module)
    for change, count in Counter(survivor.change for survivor in listed).items():
        assert count <= occurrences(change.before, there[change.function]), change
        assert change.before != change.after
    assert [survivor for survivor in listed if len(survivor.reason) < 10] == []


def test_the_list_is_in_the_order_of_the_modules() -> None:
    """An entry is found, and two branches that add some do not meet at the end of the file."""
    order = [entry["module"] for entry in tomllib.loads(LIST.read_text()).get("survivors", ())]
    assert order == sorted(order, key=list(MODULES).index)


@pytest.mark.parametrize("text", ["a", "it's", 'say "it\'s"', "a\\d", "it's \\d", ""])
def test_what_is_printed_can_be_listed(text: str) -> None:
    """The entries that `make mutants` prints are TOML that says the same changes."""
    changes = Counter({Change("m", "f", text, "b"): 2, Change("m", "g", "a", text): 1})
    read = tomllib.loads(as_toml(changes))["survivors"]
    told = [Change(entry["module"], entry["function"], *change) for entry in read for change in entry["changes"]]
    assert Counter(told) == changes
