"""What breaks a schema, piece by piece: a body with a hundred thousand mistakes is read no further
than somebody wants to know.

The validator lists all mistakes of a value at once, and nothing else runs meanwhile: 70 µs for each
of them is seconds for a large body. Here the items of a list and the members of a map are checked
on their own, and only when their turn comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, cast

import jsonschema_rs

from infobip_voice_wire import paths

__all__ = ["Level", "Mistake"]

_MEMBERS_AT_ONCE = 100


class Mistake(NamedTuple):
    """One rule that a value breaks.

    Attributes:
        path: Where in the value.
        schema: The schema of its level, in which the validator's `schema_path` leads to the rule.
        error: What the validator says.
    """

    path: Sequence[str | int]
    schema: Any
    error: jsonschema_rs.ValidationError


class Level:
    """The rules of one schema, with those for items of lists and members of maps split off.

    Args:
        schema: A schema of an object, or a reference to one; of other schemas nothing is split off.
        components: What references lead to.
    """

    def __init__(self, schema: Any, components: Any) -> None:
        self._components = components
        resolved = self._resolved(schema)
        members: dict[str, Any] = {}
        self._items: dict[str, Level] = {}
        self._maps: dict[str, _Rules] = {}
        for name, member in resolved.get("properties", {}).items():
            rules = self._resolved(member)
            if "items" in rules:
                self._items[name] = Level(rules["items"], components)
            elif "propertyNames" in rules or isinstance(rules.get("additionalProperties"), dict):
                named = {key: rules[key] for key in ("propertyNames", "additionalProperties") if key in rules}
                self._maps[name] = _Rules({"type": "object", **named}, components)
            else:
                members[name] = member
                continue
            left_out = ("items", "propertyNames", "additionalProperties")
            members[name] = {key: rule for key, rule in rules.items() if key not in left_out}
        self._own = _Rules({**resolved, "properties": members} if members else resolved, components)

    def mistakes(self, value: Any) -> Iterator[Mistake]:
        """Return what is wrong in a value, bit by bit; its own mistakes come before those below."""
        yield from self._own.mistakes(value)
        if not isinstance(value, dict):
            return
        members = cast("dict[str, Any]", value)
        for name, level in self._items.items():
            for index, item in enumerate(_listed(members.get(name))):
                for path, schema, error in level.mistakes(item):
                    yield Mistake((name, index, *path), schema, error)
        for name, rules in self._maps.items():
            for some in _pieces(members.get(name)):
                for path, schema, error in rules.mistakes(some):
                    yield Mistake((name, *path), schema, error)

    def _resolved(self, schema: Any) -> Any:
        while "$ref" in schema:
            schema = self._components["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema


class _Rules:
    def __init__(self, schema: Any, components: Any) -> None:
        self._schema = {**schema, "components": components}
        validator = jsonschema_rs.Draft202012Validator(self._schema)
        self._hold, self._errors = validator.is_valid, validator.iter_errors

    def mistakes(self, value: Any) -> Iterator[Mistake]:
        if self._hold(value):
            return
        for error in self._errors(value):
            yield Mistake(paths.named(error.instance_path, value), self._schema, error)


def _listed(value: Any) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _pieces(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        members = iter(cast("dict[str, Any]", value).items())
        while some := dict(islice(members, _MEMBERS_AT_ONCE)):
            yield some
