"""How one member of a report is read, whatever stands there: what it says, or nothing."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from infobip_voice_schema.xml_plan import PLAN
from infobip_voice_wire.timestamps import parse as parse_time

__all__ = ["decimal", "integer", "last", "moment", "object_of", "once", "text", "texts", "with_fractions"]


def text(value: Any) -> str | None:
    """Return a text; a number is one too, and an empty one says nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value or None if isinstance(value, str) else None


def integer(value: Any) -> int | None:
    """Return a whole number, also from the text of one."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def object_of(value: Any) -> Mapping[str, Any]:
    """Return an object; an empty one for anything else."""
    return cast(Mapping[str, Any], value) if isinstance(value, dict) else {}


def decimal(value: Any) -> Decimal | None:
    """Return a number exactly, also from the text of one."""
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            return None
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value if isinstance(value, Decimal) and value.is_finite() else None


def texts(value: Any) -> dict[str, str]:
    """Return an object of texts, also from the text of one; empty if it is anything else."""
    try:
        found: Any = json.loads(value) if isinstance(value, str) else value
        return {name: str(item) for name, item in object_of(found).items() if item is not None}
    except (ValueError, RecursionError):
        return {}


def last(value: Any) -> Any:
    """Return what counts of a member: in XML one that comes twice is a list, and no member is."""
    return value[-1] if isinstance(value, list) and value else value  # pyright: ignore[reportUnknownVariableType]


def once(value: Any, plan: Any) -> Any:
    """Return a document with the last value of each member that comes twice."""
    match plan:
        case ("nullable", inner):
            return once(value, inner)
        case ("ref", schema):
            return once(value, PLAN[schema][1])
        case ("object", members) if isinstance(value, dict):
            document = dict(cast(dict[str, Any], value))
            for name, _, inner in members:
                if name in document:
                    document[name] = once(last(document[name]), inner)
            return document
        case _:
            return value


def with_fractions(value: Any, fraction: Callable[[Decimal], Any]) -> Any:
    """Return a document with its `Decimal`s as something else."""
    if isinstance(value, Decimal):
        return fraction(value)
    if isinstance(value, dict):
        return {name: with_fractions(each, fraction) for name, each in cast(dict[str, Any], value).items()}
    return [with_fractions(each, fraction) for each in cast(list[object], value)] if isinstance(value, list) else value


def moment(value: Any) -> datetime | None:
    """Return a time with its offset; digits alone, as a text too, count milliseconds since 1970."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:32])
    try:
        return parse_time(value)
    except ValueError:
        return None
