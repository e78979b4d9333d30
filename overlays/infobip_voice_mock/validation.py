"""Validation: every violation of the contract in a request, by its path, with a hint.

The rules are those of the contract's own schemas; this module only finds words for what breaks
them. No text quotes a value, because it may be a telephone number.
"""

import difflib
import functools
import itertools
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import resources
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

import jsonschema_rs
import msgspec

from infobip_voice_mock.levels import Level, Mistake

__all__ = [
    "MAX_VIOLATIONS",
    "BodyValidator",
    "QueryValidator",
    "Rules",
    "UnknownMembers",
    "Violations",
    "contract",
    "nearest",
]

UnknownMembers = Literal["refuse", "ignore"]
Violations = dict[str, list[str]]

_logger = logging.getLogger("infobip_voice_mock")

MAX_VIOLATIONS = 1000
"""A body of 4 MiB can break rules two million times. A longer list is cut, and says so."""

_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
}
_DECIMAL_DIGITS = re.compile("[1-9][0-9]*")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_INTEGER = 10**15


@functools.cache
def contract() -> Any:
    """Return the contract, as shipped beside the generated models."""
    return msgspec.json.decode(resources.files("infobip_voice_schema").joinpath("openapi.json").read_bytes())


class BodyValidator:
    """Checks request bodies against one schema and turns them into its generated model.

    Args:
        schema: The name of the schema in the contract.
        model: The generated Struct of the same schema.
        unknown_members: `refuse` a request that has them (R8), or `ignore` them.
    """

    def __init__(self, schema: str, model: type[Any], unknown_members: UnknownMembers) -> None:
        self.schema = schema
        self._rules = Rules({"$ref": f"#/components/schemas/{schema}", "components": contract()["components"]})
        self._model = model
        self._ignored_rule = "additionalProperties" if unknown_members == "ignore" else None

    def violations(self, value: Any) -> Violations:
        """Return every violation in a JSON value by its path; without any, it fits `model`."""
        if self._rules.hold(value):
            return {}
        refused, ignored = self._rules.violations(value, self._ignored_rule)
        for path, texts in ignored.items():
            _logger.warning("ignored %s: %s", path, "; ".join(texts))
        return refused

    def model(self, value: Any) -> Any:
        """Return the model of a JSON value that has no violations."""
        try:
            return msgspec.convert(value, self._model, strict=False)
        except msgspec.ValidationError:
            # JSON Schema takes 1e300, and the 1.0 of an XML body, for integers; models want an int.
            return msgspec.convert(_integral(value), self._model, strict=False)


class QueryValidator:
    """Checks the queries of one operation.

    Args:
        parameters: The parameter objects of the operation in its OpenAPI document.
    """

    def __init__(self, parameters: Sequence[Any]) -> None:
        self._schemas = {item["name"]: item["schema"] for item in parameters}
        self._rules = {name: Rules(schema) for name, schema in self._schemas.items()}
        # Cached, because clients that poll send the same query again and again, and reading it is a
        # third of what their requests cost.
        self._cached = functools.lru_cache(maxsize=64)(self._read)

    def read(self, query: bytes) -> tuple[Mapping[str, Any], Mapping[str, list[str]]]:
        """Return the values of the parameters by name, and the violations by name.

        Values of integers are `int`, and an absent parameter has its default, if there is one. A
        parameter that is unknown, repeated or malformed is a violation.
        """
        return self._cached(query)

    def _read(self, raw: bytes) -> tuple[dict[str, Any], Violations]:
        try:
            query = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
        except ValueError:
            return {}, {"$": ["the query is not percent-encoded UTF-8"]}
        values = {name: schema["default"] for name, schema in self._schemas.items() if "default" in schema}
        violations: Violations = defaultdict(list)
        seen: set[str] = set()
        for name, text in query:
            path = printable(name)
            if name not in self._schemas:
                violations[path].append(f"unknown query parameter{_nearest(name, self._schemas)}")
            elif name in seen:
                violations[path].append("given more than once")
            elif self._schemas[name]["type"] == "integer" and not _DECIMAL_DIGITS.fullmatch(text):
                violations[path].append("must be a whole number of at least 1, in digits without sign or leading zero")
            else:
                # int() refuses 5,000 digits. Twenty are more than any legal number has, so a value
                # that is cut is still too large.
                value = int(text[:20]) if self._schemas[name]["type"] == "integer" else text
                if not self._rules[name].hold(value):
                    violations[path] += self._rules[name].violations(value)[0]["$"]
                values[name] = value
            seen.add(name)
        return values, {path: texts for path, texts in violations.items() if texts}


class Rules:
    """Checks values against one schema, and finds words for what breaks it.

    Attributes:
        hold: Takes a value, and returns whether it breaks no rule.
    """

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self.hold = jsonschema_rs.Draft202012Validator(schema).is_valid

    def violations(self, value: Any, ignored_rule: str | None = None) -> tuple[Violations, Violations]:
        """Return the violations of all rules but `ignored_rule`, and those of it, by path."""
        refused: Violations = defaultdict(list)
        ignored: Violations = defaultdict(list)
        found = ((mistake, *words) for mistake in self._level.mistakes(value) for words in _words(mistake))
        for mistake, path, text in itertools.islice(found, MAX_VIOLATIONS):
            into = ignored if mistake.error.kind.name == ignored_rule else refused
            if text not in into[path]:
                into[path].append(text)
        if next(found, None) is not None:
            refused["$"].append(f"more than {MAX_VIOLATIONS} violations; only the first are listed")
        return refused, ignored

    @functools.cached_property
    def _level(self) -> Level:
        # Made when it is needed, because most mocks see few mistakes.
        return Level(self._schema, self._schema.get("components", {}))


def _words(mistake: Mistake) -> Iterator[tuple[str, str]]:
    """Return the paths of a mistake, and what is wrong there."""
    path, rule, error = list(mistake.path), mistake.rule, mistake.error
    kind: Any = error.kind
    match kind.name:
        case "additionalProperties":
            for member in kind.unexpected:
                yield render([*path, member]), f"unknown member{_nearest(member, rule['properties'])}"
            return
        case "required":
            path.append(kind.property)
            text = "is required"
        case "propertyNames":
            path.append(str(kind.error.instance))
            text = "a name here has to be usable as the name of an XML element"
        case "type":
            text = f"must be {_TYPES[kind.types[0]]}"
        case "oneOf":  # the only union in a request: R6 allows "true" beside true
            text = "must be true or false"
        case "enum":
            text = f"must be one of {', '.join(rule['enum'])}{_nearest(error.instance, rule['enum'])}"
        case "pattern":
            hint = f" ({rule['description'].rstrip('.')})" if "description" in rule else ""
            text = f"must match {rule['pattern']}{hint}"
        case "falseSchema":
            text = "is not allowed here"
        case name if name.startswith(("min", "max")):
            verb = "must be" if name.endswith("imum") else "must have"
            bound = "at least" if name.startswith("min") else "at most"
            unit = {"Length": " character(s)", "Items": " item(s)", "Properties": " member(s)"}.get(name[3:], "")
            text = f"{verb} {bound} {kind.limit}{unit}"
        case other:
            text = f"breaks the rule `{other}` of its schema"
    yield render(path), text


def render(path: Iterable[str | int]) -> str:
    """Return a path as the API writes it: `messages[0].destinations[1].to`; `$` for the whole."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{printable(step)}" if text else printable(step)
    return text or "$"


def printable(text: str) -> str:
    """Return `text` with an escape for every character that XML cannot carry."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return that one of the known names which is most like `word`."""
    return difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0)[0]


def _nearest(word: Any, known: Iterable[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(word).lower()[:100], by_lower, n=1, cutoff=0.6)
    return f"; did you mean {by_lower[near[0]]}?" if near else ""


def _integral(value: Any) -> Any:
    """Return a valid request with its numbers, which are all integers, as `int`.

    A number above `_MAX_INTEGER` becomes that: so large, only the contract's ceilings matter.
    """
    if isinstance(value, dict):
        return {name: _integral(item) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_integral(item) for item in cast("list[object]", value)]
    return int(min(value, _MAX_INTEGER)) if isinstance(value, float | Decimal) else value
