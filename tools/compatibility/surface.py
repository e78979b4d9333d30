"""List what people call in Python, with its signatures, as JSON: `python surface.py`.

Another interpreter runs this file for each version, so it imports nothing of ours but the packages
that it lists. `inspect` reads the classes as they are made: attrs writes the constructors of the
generated models, and tools that only read the source do not see them.
"""

import importlib
import inspect
import json
import pkgutil
import re
import typing
from types import ModuleType
from typing import Any, Final

Json = dict[str, Any]
API: Final = "infobip_voice_client.api"
MADE_BY_US: Final = {"AsyncDrain", "ClickToCall", "Drain", "Ivr", "Launch", "Prepared", "Reports"}
"""Classes of the SDK whose constructors nobody else calls."""


def surface() -> Json:
    """Return the signatures of the generated client and of the SDK, by their full names."""
    names = ["infobip_voice", "infobip_voice_client", "infobip_voice_client.models"]
    inside = pkgutil.walk_packages(importlib.import_module(API).__path__, f"{API}.")
    names += [each.name for each in inside if not each.ispkg]
    return {name: value for module in map(importlib.import_module, names) for name, value in listed(module).items()}


def listed(module: ModuleType) -> Json:
    """Return the signatures of what a module exports; without `__all__`, of its own functions."""
    own = [
        name for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]  # fmt: skip
    found: Json = {}
    for name in getattr(module, "__all__", own):
        value, full = getattr(module, name), f"{module.__name__}.{name}"
        if inspect.isclass(value):
            found.update(_class(full, value))
        elif inspect.isfunction(value):
            found.update(_function(full, value))
        elif typing.get_origin(value) is typing.Literal:
            found[full] = {"kind": "alias", "is": " | ".join(sorted(map(repr, typing.get_args(value))))}
        else:
            found[full] = {"kind": "value", "is": type(value).__name__}
    return found


def _class(full: str, value: type) -> Json:
    if typing.is_typeddict(value):
        keys = {name: _text(hint) for name, hint in value.__annotations__.items()}
        return {full: {"kind": "keys", "keys": keys, "required": sorted(getattr(value, "__required_keys__", ()))}}
    ours = [base for base in value.__mro__ if base.__module__.startswith(value.__module__.partition(".")[0])]
    attributes: dict[str, str] = {}
    found: Json = {full: {"kind": "class", "attributes": attributes}}
    own = any({"__init__", "__new__"} & vars(base).keys() for base in ours)
    if own and value.__name__ not in MADE_BY_US:
        found.update(_function(f"{full}()", value))
    for base in reversed(ours):
        attributes.update(
            {
                name: _text(hint)
                for name, hint in vars(base).get("__annotations__", {}).items()
                if not name.startswith("_")
            }
        )
        for name, member in vars(base).items():
            if name.startswith("_"):
                continue
            if isinstance(member, property):
                attributes[name] = _text(getattr(member.fget, "__annotations__", {}).get("return", "anything"))
            elif inspect.isfunction(member) or isinstance(member, classmethod | staticmethod):
                found.update(_function(f"{full}.{name}", getattr(value, name)))
    return found


def _function(full: str, value: Any) -> Json:
    overloads = typing.get_overloads(value) if inspect.isfunction(value) else []
    found: Json = {}
    for number, each in enumerate(overloads or [value], 1):
        signature = inspect.signature(each)
        parameters = [
            {
                "name": parameter.name,
                "kind": parameter.kind.name,
                "is": _text(parameter.annotation),
                "default": "" if parameter.default is parameter.empty else _value(parameter.default),
            }
            for parameter in signature.parameters.values()
            if parameter.name != "self"
        ]
        name = f"{full} (overload {number})" if overloads else full
        found[name] = {"kind": "function", "parameters": parameters, "returns": _text(signature.return_annotation)}
    return found


def _text(annotation: Any) -> str:
    """Return an annotation without the modules that its names come from."""
    if annotation is inspect.Parameter.empty:
        return "anything"
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:[a-z_][a-z0-9_]*\.)+(?=[A-Za-z_])", "", text.replace("NoneType", "None"))


def _value(default: Any) -> str:
    return "UNSET" if type(default).__name__ == "Unset" else re.sub(r" at 0x[0-9a-f]+", "", repr(default))


if __name__ == "__main__":
    print(json.dumps(surface(), indent=1, sort_keys=True))
