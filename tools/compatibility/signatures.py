"""Compare the names and signatures of two versions: what breaks code that was written for the
first?

Code calls functions by position or by name, reads attributes and results, and type checkers follow
both. A parameter may therefore accept more, and a result may be less than before. A generated model
that is only sent is written like a parameter, one that is only received is read like a result, and
any other annotation has to stay as it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

__all__ = ["Difference", "differences"]

Json = dict[str, Any]
Use = Literal["sent", "received", "both"]
POSITIONAL = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")
BY_NAME = ("KEYWORD_ONLY", "POSITIONAL_OR_KEYWORD")
MODELS, API = "infobip_voice_client.models.", "infobip_voice_client.api."


class Difference(NamedTuple):
    """One difference: whether code can break by it, the name that it concerns, and a sentence."""

    breaking: bool
    name: str
    what: str


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Difference]:
    """Yield the differences of two surfaces, as `surface` lists them."""
    uses = _uses(before)
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield Difference(True, name, "removed")
        elif old["kind"] != new["kind"]:
            yield Difference(True, name, f"now a {new['kind']}, no longer a {old['kind']}")
        elif old["kind"] == "function":
            model = name.startswith(MODELS) and name.endswith("()")
            yield from _function(name, old, new, uses.get(name[:-2], "both") if model else "sent")
        elif old["kind"] == "class":
            use = uses.get(name, "both") if name.startswith(MODELS) else "received"
            yield from _annotations(name, old["attributes"], new["attributes"], use)
        elif old["kind"] == "keys":
            yield from _annotations(name, old["keys"], new["keys"], "sent")
            for key in set(new["required"]) - set(old["required"]):
                yield Difference(True, name, f"`{key}` is now required")
        elif old["is"] != new["is"]:
            use = uses.get(name, "both")
            yield Difference(not _fits(old["is"], new["is"], use), name, f"now {new['is']}, no longer {old['is']}")
    for name in after.keys() - before.keys():
        yield Difference(False, name, "added")


def _function(name: str, before: Json, after: Json, use: Use) -> Iterator[Difference]:
    old, new = ({each["name"]: each for each in side["parameters"]} for side in (before, after))
    was, now = ([each["name"] for each in side.values() if each["kind"] in POSITIONAL] for side in (old, new))
    for place, (one, other) in enumerate(zip(was, [*now, *[None] * len(was)], strict=False), 1):
        if one in new and one != other:
            instead = f"`{other}` is" if other else "no argument is taken"
            yield Difference(True, name, f"argument {place} by position was `{one}`; {instead} there now")
            break
    for each in old.values():
        label, same = f"parameter `{each['name']}`", new.get(each["name"])
        if same is None:
            yield Difference(True, name, f"{label} removed")
            continue
        if each["kind"] in BY_NAME and same["kind"] not in BY_NAME:
            yield Difference(True, name, f"{label} can no longer be given by name")
        if each["is"] != same["is"]:
            sentence = f"{label} is now {same['is']}, no longer {each['is']}"
            yield Difference(not _fits(each["is"], same["is"], use), name, sentence)
        if each["default"] and not same["default"]:
            yield Difference(True, name, f"{label} is now required")
        elif each["default"] and each["default"] != same["default"]:
            # The contract's diff judges the defaults of generated models, which are the contract's
            # own.
            ours = not name.startswith(MODELS)
            yield Difference(ours, name, f"{label} is {same['default']} by default, no longer {each['default']}")
    for each in new.values():
        if each["name"] not in old:
            required = not each["default"] and not each["kind"].startswith("VAR_")
            yield Difference(required, name, f"{'required ' * required}parameter `{each['name']}` added")
    if before["returns"] != after["returns"]:
        sentence = f"returns {after['returns']}, no longer {before['returns']}"
        yield Difference(not _fits(before["returns"], after["returns"], "received"), name, sentence)


def _annotations(name: str, before: Json, after: Json, use: Use) -> Iterator[Difference]:
    for key, old in before.items():
        if key not in after:
            yield Difference(True, name, f"`{key}` removed")
        elif old != after[key]:
            what = f"`{key}` is now {after[key]}, no longer {old}"
            yield Difference(not _fits(old, after[key], use), name, what)
    for key in after.keys() - before.keys():
        yield Difference(False, name, f"`{key}` added")


def _fits(before: str, after: str, use: Use) -> bool:
    """Say whether code that was written for an annotation fits another one."""
    old, new = _alternatives(before), _alternatives(after)
    if use == "both":
        return old == new
    if use == "sent":
        return old <= new or "Any" in new
    return new <= old or "Any" in old


def _alternatives(annotation: str) -> set[str]:
    """Return the alternatives of an annotation, written as `A | B` or as `Union[A, B]`."""
    outer = re.fullmatch(r"(Union|Optional)\[(.*)\]", annotation)
    if outer is None:
        parts = _split(annotation, "|")
        return {annotation.strip()} if len(parts) == 1 else {each for part in parts for each in _alternatives(part)}
    found = {each for part in _split(outer[2], ",") for each in _alternatives(part)}
    return found | {"None"} if outer[1] == "Optional" else found


def _split(text: str, separator: str) -> list[str]:
    """Split a text where a separator stands outside brackets."""
    depth, parts = 0, [""]
    for character in text:
        depth += (character in "[(") - (character in "])")
        if character == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _uses(surface: Mapping[str, Json]) -> dict[str, Use]:
    """Return which generated models the functions of the API send, and which they receive."""
    functions = [value for name, value in surface.items() if name.startswith(API)]
    sent = [each["is"] for function in functions for each in function["parameters"]]
    received = [function["returns"] for function in functions]
    found: dict[str, Use] = {}
    for use, annotations in (("sent", sent), ("received", received)):
        for name in _reached(annotations, surface, set()):
            found[name] = "both" if name in found else "sent" if use == "sent" else "received"
    return found


def _reached(annotations: list[str], surface: Mapping[str, Json], found: set[str]) -> set[str]:
    for word in {word for text in annotations for word in re.findall(r"\w+", text)}:
        name = f"{MODELS}{word}"
        if name in surface and name not in found:
            found.add(name)
            _reached(list(surface[name].get("attributes", {}).values()), surface, found)
    return found
