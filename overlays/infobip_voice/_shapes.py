"""Hold what a caller hands in against the types of the contract, before anything is sent.

The types are those that type checkers see: the annotations of the options' `TypedDict`s and of the
generated models. In JSON the server would refuse a wrong type; in XML, which has only text, the
same value would become a right one and dial.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache, partial
from math import isfinite
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from attrs import has

from infobip_voice._arguments import did_you_mean
from infobip_voice._models import models
from infobip_voice_client.types import UNSET, Unset
from infobip_voice_schema.xml_plan import PLAN
from infobip_voice_wire.telephone import mask_numbers

__all__ = ["check", "check_document", "listing", "plain", "refuse_formless"]

MAX_FAULTS: Final = 20  # in one text

# The contract allows these texts to be empty. An empty name or number is a mistake, not absent.
_MAY_BE_EMPTY: Final = frozenset({"callback_data", "notify_url", "text"})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_FOUND: Final[dict[Any, str]] = {NoneType: "None", Unset: "nothing"}


class _Mismatch(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.steps: list[str] = []  # to its place, from the inside out


class _Kind(NamedTuple):
    """One of the kinds that a value may be of.

    Attributes:
        words: its name in an error.
        types: the types of its values.
        never: types that are no such value, although they derive from one.
        look: refuses a value for what is inside.
    """

    words: str
    types: tuple[type, ...]
    never: tuple[type, ...] = ()
    look: Callable[[Any], None] | None = None


Check = Callable[[Any], None]


class _Kinds(NamedTuple):
    """The kinds that a value may be of.

    Attributes:
        kinds: all of them.
        enough: the types of which any value will do. Most values are looked at only here.
    """

    kinds: tuple[_Kind, ...]
    enough: frozenset[type]


def _one(*types: type, words: str = "", never: tuple[type, ...] = (), look: Check | None = None) -> _Kinds:
    return _Kinds((_Kind(words, types, never, look),), frozenset(types if look is None else ()))


def _refuse_empty(value: Any) -> None:
    if not value:
        raise _Mismatch("must not be empty")


def _refuse_surrogates(value: str) -> None:
    if not value.isascii() and _SURROGATE.search(value):
        raise _Mismatch("has half of a character (a surrogate), which cannot be sent")


def _refuse_text(value: str) -> None:
    _refuse_empty(value)
    _refuse_surrogates(value)


_TEXT: Final = _one(str, words="str", look=_refuse_text)
_TEXT_OR_EMPTY: Final = _one(str, words="str", look=_refuse_surrogates)
_SCALARS: Final[dict[Any, _Kinds]] = {
    bool: _one(bool, words="bool"),
    int: _one(int, words="int", never=(bool,)),
    datetime: _one(datetime, words="datetime"),
    time: _one(time, words="time"),
    timedelta: _one(timedelta, words="timedelta"),
    NoneType: _one(NoneType),
    Unset: _one(Unset),
    Any: _one(object),
}


def check(value: Any, hint: Any, name: str) -> None:
    """Refuse a value that is not what a type says, however deep the fault lies.

    Args:
        value: an argument.
        hint: the type.
        name: the name of the argument. With an empty one, a path begins at the members of the
            value.

    Raises:
        ValueError: it names the place as the API writes it (`messages[0].destinations[1].to`), what
            is right and the type of what is there, and quotes no value.
    """
    _checked(value, _kinds(hint, False, name in _MAY_BE_EMPTY), name)


def check_document(document: Any, hint: Any, name: str = "") -> None:
    """Refuse a JSON document that does not have the shape of a type, as `check` does a value."""
    _checked(document, _kinds(hint, True, False), name)


def _checked(value: Any, kinds: _Kinds, name: str) -> None:
    try:
        _look(kinds, value)
    except _Mismatch as mismatch:
        path = mask_numbers((name + "".join(reversed(mismatch.steps))).removeprefix("."))
        raise ValueError(f"{path or 'request'}: {mismatch.reason}") from None
    except RecursionError:
        raise ValueError(f"{name or 'request'}: it nests too deeply") from None


def _look(kinds: _Kinds, value: Any) -> None:
    if type(value) in kinds.enough:
        return
    for _, types, never, look in kinds.kinds:
        if isinstance(value, types) and not isinstance(value, never):
            if look is not None:
                look(value)
            return
    right = " or ".join(kind.words for kind in kinds.kinds if kind.words)
    raise _Mismatch(f"expected {right}, found {_found(value)}")


def _found(value: object) -> str:
    return _FOUND.get(type(value), type(value).__name__)


@cache
def _kinds(hint: Any, document: bool, may_be_empty: bool = False) -> _Kinds:
    """Return the kinds that a type allows, in a JSON document or in Python's objects."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        each = [_kinds(one, document, may_be_empty) for one in inner]
        return _Kinds(
            tuple(kind for one in each for kind in one.kinds), frozenset().union(*(one.enough for one in each))
        )
    if origin is Literal:
        return _literal(inner)
    if origin in (list, Sequence):
        return _one(
            Sequence, words="a list", never=(str, bytes, bytearray), look=_items_look(_kinds(inner[0], document))
        )
    if origin in (dict, Mapping):
        return _one(Mapping, words="a mapping", look=_values_look(_kinds(inner[1], document, True)))
    if hint is str:
        return _TEXT_OR_EMPTY if may_be_empty else _TEXT
    if hint in _SCALARS:
        return _SCALARS[hint]
    if has(hint):
        return _object(hint, document)
    members = [(attrgetter(name), f".{name}", _kinds(one, document)) for name, one in get_type_hints(hint).items()]
    return _one(hint, words=hint.__name__, look=_members_look(members))  # a NamedTuple


def _literal(values: tuple[str, ...] | tuple[int, ...]) -> _Kinds:
    words = " or ".join(map(repr, sorted(values)))
    type_ = type(values[0])

    def look(value: Any) -> None:
        if value not in values:
            raise _Mismatch(f"expected {words}, found another {type_.__name__}")

    return _one(type_, words=words, never=(bool,), look=look)


def _items_look(items: _Kinds) -> Check:
    def look(value: Any) -> None:
        _refuse_empty(value)
        _each_look(items, value)

    return look


def _each_look(items: _Kinds, value: Iterable[Any]) -> None:
    for index, item in enumerate(value):
        try:
            _look(items, item)
        except _Mismatch as mismatch:
            mismatch.steps.append(f"[{index}]")
            raise


def _values_look(values: _Kinds) -> Check:
    def look(value: Mapping[Any, Any]) -> None:
        for name, item in value.items():
            if not isinstance(name, str):
                raise _Mismatch(f"expected str as every name, found {_found(name)}")
            _refuse_surrogates(name)
            try:
                _look(values, item)
            except _Mismatch as mismatch:
                mismatch.steps.append(f".{name}")
                raise

    return look


def _refuse_other_than_json(value: Any) -> None:
    """Refuse what JSON cannot carry, however deep it lies."""
    if isinstance(value, str):
        _refuse_surrogates(value)
    elif isinstance(value, dict):
        _values_look(_JSON)(value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, (list, tuple)):
        _each_look(_JSON, value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, float) and not isfinite(value):
        raise _Mismatch("a number must be finite")
    elif not isinstance(value, (bool, int, float, NoneType)):
        raise _Mismatch(f"expected a JSON value, found {_found(value)}")


_JSON: Final = _one(object, look=_refuse_other_than_json)  # what an unknown member may be (ruling R21)


def _members_look(members: Sequence[tuple[Callable[[Any], Any], str, _Kinds]]) -> Check:
    def look(value: Any) -> None:
        for get, step, kinds in members:
            try:
                _look(kinds, get(value))
            except _Mismatch as mismatch:
                mismatch.steps.append(step)
                raise

    return look


def _object(model: Any, document: bool) -> _Kinds:
    """Return the kind of a generated model, or of the JSON object that is to become one.

    Its members are read when one is looked at: those of a click to call would take the models that
    an IVR never needs.
    """

    @cache
    def members_look() -> Check:
        return _members_look(_members(model, document))

    def look(value: Any) -> None:
        members_look()(value)

    return _one(dict if document else model, words="an object" if document else model.__name__, look=look)


def _members(model: Any, document: bool) -> list[tuple[Callable[[Any], Any], str, _Kinds]]:
    kind, plan = PLAN[model.__name__][1]
    names = {name.lower(): name for name, _, _ in plan} if kind == "object" else {}
    hints = get_type_hints(model, localns={name: getattr(models, name) for name in _models_in(plan)})
    values = get_args(hints.pop("additional_properties"))[1]
    values = _JSON if values is Any else _kinds(values, document, True)
    members: list[tuple[Callable[[Any], Any], str, _Kinds]] = []
    for attribute, hint in hints.items():
        name = names[attribute.replace("_", "").lower()]
        get = _member(name) if document else attrgetter(attribute)
        members.append((get, f".{name}", _kinds(hint, document, attribute in _MAY_BE_EMPTY)))
    if document:
        more = _one(dict, look=_carried_look(frozenset(), values))
        members.append((partial(_others, frozenset(names.values())), "", more))
    else:
        more = _one(dict, words="a dict", look=_carried_look(frozenset(names.values()), values))
        members.append((attrgetter("additional_properties"), "", more))
    return members


def _models_in(plan: Any) -> Iterator[str]:
    """Yield the name of each model that a part of the plan has in it, and not those inside it."""
    if plan[0] == "ref":
        yield from (schema for schema in plan[1:] if PLAN[schema][1][0] in ("object", "map"))
    elif not isinstance(plan, str):
        for inner in plan:
            yield from _models_in(inner)


def _carried_look(known: frozenset[str], values: _Kinds) -> Check:
    """Return a check of what an object carries beside its known members, whose place is taken."""
    look_at_values = _values_look(values)

    def look(carried: dict[Any, Any]) -> None:
        if not carried:
            return
        for name in known.intersection(carried):
            mismatch = _Mismatch("is a member of the model, and not one to carry beside it")
            mismatch.steps.append(f".{name}")
            raise mismatch
        look_at_values(carried)

    return look


def _member(name: str) -> Callable[[Any], Any]:
    return lambda document: document.get(name, UNSET)


def _others(known: Container[str], document: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in document.items() if name not in known}


def plain(value: Any) -> Any:
    """Return a JSON value of plain dicts and lists, whatever mappings and tuples it is made of."""
    if isinstance(value, Mapping):
        given: Mapping[Any, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return {name: plain(item) for name, item in given.items()}
    if isinstance(value, (list, tuple)):
        items: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        return [plain(item) for item in items]
    return value


def refuse_formless(document: Any, schema: str) -> None:
    """Refuse a document with an unknown member that is a list or an object: XML has several forms
    for either, and nobody can know which one is right.

    Raises:
        ValueError: it names every such member, and the nearest one that the contract knows there.
    """
    faults: list[str] = []
    for path, name, value, known in _unknown(document, ("ref", schema), ""):
        if isinstance(value, (dict, list, tuple)):
            form = "an object" if isinstance(value, dict) else "a list"
            near = did_you_mean(name, {each: each for each in known})
            faults.append(f"{mask_numbers(path)} is unknown, and so is the form of {form} in XML{near}")
    if faults:
        raise ValueError(listing(faults))


def listing(faults: Sequence[str]) -> str:
    """Return one text of several, of as many as anybody reads."""
    more = len(faults) - MAX_FAULTS
    return "; ".join([*faults[:MAX_FAULTS], f"and {more} more"] if more > 0 else faults)


def _unknown(value: Any, plan: Any, path: str) -> Iterator[tuple[str, str, Any, Iterable[str]]]:
    """Yield each member that the contract does not know: its path, name and value, and the names
    that are known there.
    """
    match plan:
        case ("ref", schema):
            yield from _unknown(value, PLAN[schema][1], path)
        case ("list", _, items):
            for index, item in enumerate(value):
                yield from _unknown(item, items, f"{path}[{index}]")
        case ("object", members):
            known = {name: inner for name, _, inner in members}
            for name, item in value.items():
                where = f"{path}.{name}".removeprefix(".")
                if name in known:
                    yield from _unknown(item, known[name], where)
                else:
                    yield where, name, item, known
        case _:  # a text, a number, or names of the caller's own
            pass
