"""Validation: every violation of the contract in a request, by its path, with a hint.

The rules are those of the contract's own schemas; `sentences` finds words for what breaks them.
"""

import functools
import itertools
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import resources
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

import jsonschema_rs
import msgspec

from infobip_voice_mock.levels import Level
from infobip_voice_mock.sentences import did_you_mean, printable, sentences

__all__ = [
    "MAX_VIOLATIONS",
    "BodyValidator",
    "QueryValidator",
    "Rules",
    "UnknownMembers",
    "Violations",
    "collected",
    "contract",
]

UnknownMembers = Literal["refuse", "ignore"]
Violations = dict[str, list[str]]

_logger = logging.getLogger("infobip_voice_mock")

MAX_VIOLATIONS = 1000
"""A body of 4 MiB can break rules two million times. A longer list is cut, and says so."""

TOO_MANY = f"more than {MAX_VIOLATIONS} violations; only the first are listed"

_DECIMAL_DIGITS = re.compile("[1-9][0-9]*")
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
        self._ignored_rule = "unevaluatedProperties" if unknown_members == "ignore" else None

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
                violations[path].append(f"unknown query parameter{did_you_mean(name, self._schemas)}")
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
        found = (
            (mistake, *text)
            for mistake in self._level.mistakes(value)
            for text in sentences(mistake.error, mistake.schema, mistake.path)
        )
        for mistake, path, text in itertools.islice(found, MAX_VIOLATIONS):
            into = ignored if mistake.error.kind.name == ignored_rule else refused
            if text not in into[path]:
                into[path].append(text)
        if next(found, None) is not None:
            refused["$"].append(TOO_MANY)
        return refused, ignored

    @functools.cached_property
    def _level(self) -> Level:
        # Made when it is needed, because most mocks see few mistakes.
        return Level(self._schema, self._schema.get("components", {}))


def collected(violations: Iterator[tuple[str, str]]) -> Violations:
    """Return violations by their paths, each once, and no more than `MAX_VIOLATIONS` of them."""
    by_path: Violations = defaultdict(list)
    for path, text in itertools.islice(violations, MAX_VIOLATIONS):
        if text not in by_path[path]:
            by_path[path].append(text)
    if next(violations, None) is not None:
        by_path["$"].append(TOO_MANY)
    return by_path


def _integral(value: Any) -> Any:
    """Return a valid request with its numbers, which are all integers, as `int`.

    A number above `_MAX_INTEGER` becomes that: so large, only the contract's ceilings matter.
    """
    if isinstance(value, dict):
        return {name: _integral(item) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_integral(item) for item in cast("list[object]", value)]
    return int(min(value, _MAX_INTEGER)) if isinstance(value, float | Decimal) else value
