"""The arguments of a method that takes a `TypedDict`: what its signature shows and refuses."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, get_type_hints

__all__ = ["did_you_mean", "refuse_names", "shows_options"]

F = TypeVar("F", bound=Callable[..., Any])


class _Required:
    def __repr__(self) -> str:
        return "<required>"


def shows_options(options: Any) -> Callable[[F], F]:
    """Make `help` and `inspect.signature` list each option and its type in place of `**options`.

    What the function does, and what type checkers see of it, stays as it is.

    Args:
        options: the `TypedDict` of the options. Its required ones come first and show `<required>`,
            which is no value: a method that also takes a whole request needs none of them then.
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        hints, required = get_type_hints(options), options.__required_keys__
        shown = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
        shown += [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=_Required() if name in required else None,
                annotation=hints[name],
            )
            for name in sorted(hints, key=lambda name: name not in required)
        ]
        vars(function)["__signature__"] = signature.replace(parameters=shown)
        return function

    return decorate


def refuse_names(given: Iterable[str], options: Any, other_names: Mapping[str, str] | None = None) -> None:
    """Refuse an argument that is none of the options.

    Args:
        given: the names in a call.
        options: the `TypedDict` of the options.
        other_names: what else people call some of them, and the option that they mean.

    Raises:
        TypeError: as Python does for an unexpected keyword, with the nearest option.
    """
    names = options.__required_keys__ | options.__optional_keys__
    for name in given:
        if name not in names:
            others = {other: meaning for other, meaning in (other_names or {}).items() if meaning in names}
            known = {each: each for each in sorted(names)} | others
            raise TypeError(f"got an unexpected keyword argument {name!r}{did_you_mean(name, known)}")


def did_you_mean(name: str, known: Mapping[str, str]) -> str:
    """Return words that name what was probably meant, or nothing.

    Args:
        name: what was given.
        known: what can be meant, by each of its spellings.
    """
    from difflib import get_close_matches  # only for an error

    plain = {_plain(spelling): meaning for spelling, meaning in known.items()}
    near = get_close_matches(_plain(name), plain, n=1)
    return f"; did you mean {plain[near[0]]!r}?" if near else ""


def _plain(name: str) -> str:
    return name[:100].replace("_", "").lower()
