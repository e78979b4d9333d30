"""The patterns of the contract mean the same in the engines of the languages that read it."""

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import re2
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
DOCUMENT: dict[str, Any] = YAML(typ="safe", pure=True).load(ROOT / "openapi.yaml")
PROGRAMS = Path(__file__).with_name("engines")


def found(node: Any, key: str) -> Iterator[str]:
    """Yield each `pattern` of a schema; with the key `not`, each that stands inside a `not`."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str) and key == "pattern":
            yield node["pattern"]
        if isinstance(node.get("not"), dict) and key == "not":
            yield node["not"]["pattern"]
        for name, value in node.items():
            if name != "not":
                yield from found(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from found(value, key)


PATTERNS = sorted(set(found(DOCUMENT, "pattern")))
RULED_OUT = sorted(set(found(DOCUMENT, "not")))
SAMPLES = [
    "", "a", "4", "41793026727", "385981178", "0041793026727", "123456789012345", "1234567890123456", "12", "BULK-ID-123-xyz",
    "foo", "_a.b-c", "9foo", "a b", "DLR callback data", "Test Voice message.", "en", "http://www.example.com/voice/advanced",
    "https://user:pass@example.com:8080/a?b=c#d", "HTTP://[2001:db8::1]/x", "http://a/?x[]=1", "ftp://example.com", "https://",
    "2016-07-07T17:00:00.000+01:00", "2016-02-29T17:00:00Z", "2015-02-29T17:00:00Z", "2016-07-07T17:00:00.123456789+0100",
    "2015-02-12T09:58:20.323+0100", "2015-02-12 09:58:20.323+0100", "application/json", "1900-02-29T00:00:00Z",
]  # fmt: skip
CHARACTERS = [
    *"aZ09-_.:/?#@[]{}()|\\^$+*%~&!=<>\"' ", "\t", "\r", "\n\n", "\x00", "\x08", "\x0b", "\x1f", "\x7f", "\x85", "\xa0", "\u0661",
    "\u2028", "\u200b", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\u00e9", "\u0301", "\u017f", "\u212a", "\U0001f600", "\U0010ffff",
]  # fmt: skip
LINE_ENDS = ("\n", "\r", "\x85", "\u2028", "\u2029")
# No text ends with the end of a line: how `$` treats that is a test of its own.
TEXTS = list(dict.fromkeys(
    text
    for sample in SAMPLES
    for character in CHARACTERS
    for text in (sample, character + sample, sample[: len(sample) // 2] + character + sample[len(sample) // 2 :], sample + character)
    if not text.endswith(LINE_ENDS)
))  # fmt: skip
Engine = Callable[[list[str], list[str]], list[str]]


def by_search(compiled: Callable[[str], Any]) -> Engine:
    def verdicts(patterns: list[str], texts: list[str]) -> list[str]:
        return ["".join("01"[bool(finds(text))] for text in texts) for finds in map(compiled, patterns)]

    return verdicts


def rust(pattern: str) -> Any:
    return jsonschema_rs.validator_for({"type": "string", "pattern": pattern}).is_valid


def program(*command: str, flags: str = "") -> Engine:
    def verdicts(patterns: list[str], texts: list[str]) -> list[str]:
        if shutil.which(command[0]) is None:
            assert not os.environ.get("CI"), f"{command[0]} is missing, and CI has to have it"
            pytest.skip(f"{command[0]} is not installed here; CI has it")
        lines = [flags, str(len(patterns)), *patterns, *texts]
        given = "\n".join("=" + base64.b64encode(line.encode()).decode() for line in lines)
        ran = subprocess.run([*command], input=given, capture_output=True, text=True, check=True, cwd=PROGRAMS)
        return ran.stdout.split()

    return verdicts


ENGINES: dict[str, Engine] = {
    "Python": by_search(lambda pattern: re.compile(pattern).search),
    "Rust": by_search(rust),
    "RE2 (Go)": by_search(lambda pattern: re2.compile(pattern).search),
    "JavaScript": program("node", "match.mjs"),
    "JavaScript u": program("node", "match.mjs", flags="u"),
    "JavaScript v": program("node", "match.mjs", flags="v"),
    "Java": program("java", "Match.java"),
    "PHP": program("php", "match.php"),
    "PHP u": program("php", "match.php", flags="u"),
}
# Whose `$` also stands before which last character.
LENIENT = {"Python": "\n", "PHP": "\n", "PHP u": "\n", "Java": "".join(LINE_ENDS)}


@cache
def verdicts(engine: str) -> list[str]:
    return ENGINES[engine](PATTERNS, TEXTS)


def test_there_is_something_to_compare():
    """A thousand texts at least, of which every pattern finds some and not all."""
    assert len(TEXTS) > 1000
    assert len(PATTERNS) >= 8
    for pattern, row in zip(PATTERNS, verdicts("Python"), strict=True):
        assert {"0", "1"} == set(row), pattern


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_reads_every_pattern_alike(engine):
    """The dialects agree on every text, with the flags that their generators use."""
    for pattern, row, expected in zip(PATTERNS, verdicts(engine), verdicts("Python"), strict=True):
        assert len(row) == len(TEXTS)
        assert [text for text, one, other in zip(TEXTS, row, expected, strict=True) if one != other] == [], pattern


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "PHP"])
def test_what_is_ruled_out_is_found_alike(engine):
    """`not` holds the two characters that no engine agrees on inside a class with escapes.

    PHP without `u` reads bytes; its generators leave `not` out.
    """
    rows = ENGINES[engine](RULED_OUT, TEXTS)
    for pattern, row in zip(RULED_OUT, rows, strict=True):
        assert pattern == "[\ufffe\uffff]"
        assert [text for text, one in zip(TEXTS, row, strict=True) if one == "1"] == [
            text for text in TEXTS if "\ufffe" in text or "\uffff" in text
        ]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_lets_the_end_of_a_line_through(engine):
    """The guide on other languages names these engines; the mock and the SDK refuse the text."""
    number = next(pattern for pattern in PATTERNS if pattern == "^[1-9][0-9]{4,14}$")
    [row] = ENGINES[engine]([number], [f"41793026727{end}" for end in LINE_ENDS])
    assert [end for end, one in zip(LINE_ENDS, row, strict=True) if one == "1"] == list(LENIENT.get(engine, ""))
