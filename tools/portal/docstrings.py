"""The public Python names as griffe finds them in the sources: signatures, types, docstrings."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import griffe

from contract_diff.history import ROOT

__all__ = ["Entry", "Item", "Library", "Silent"]

# What the type variables of the operations stand for, on threads and on an event loop.
RESULTS: Final = {
    "Launched": "Launch", "Fetched": "list[Report]", "Waited": "Found", "Drained": "Drain | AsyncDrain",
}  # fmt: skip
HIDDEN: Final = re.compile("_|Generic|Draining|Evidence")
WIDEST: Final = 88


class Silent(SystemExit):
    """Say which callables say neither what they raise nor that they raise nothing."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            "these say neither what they raise nor that they raise nothing (add `Raises:` or `Raises nothing.` "
            f"to the docstring): {', '.join(names)}"
        )


class Item(NamedTuple):
    """An argument, an attribute or an error: its name, its type and default, and what is said."""

    name: str
    type: str
    default: str
    text: str


class Entry(NamedTuple):
    """A public class, function or constant, with its public members."""

    name: str
    anchor: str
    kind: str
    bases: list[str]
    signatures: list[str]
    text: str
    arguments: list[Item]
    attributes: list[Item]
    returns: str
    raises: list[Item]
    members: list["Entry"]


class Library:
    """The sources of packages, parsed.

    Args:
        packages: the names of the packages.
        folders: where they are.
    """

    def __init__(
        self,
        packages: Sequence[str] = ("infobip_voice", "infobip_voice_mock", "infobip_voice_wire", "infobip_voice_client"),
        folders: Sequence[Path] = (ROOT / "overlays", ROOT / "generated"),
    ) -> None:
        self._loader = griffe.GriffeLoader(search_paths=folders)
        for package in packages:
            self._loader.load(package)
        self._loader.resolve_aliases(external=False)

    def entry(self, path: str) -> Entry:
        """Return the entry of a name, such as `infobip_voice.VoiceClient`.

        Raises:
            Silent: a callable says neither what it raises nor that it raises nothing.
        """
        found = self._final(self._loader.modules_collection[path])
        entry = self._entry(found, path.rpartition(".")[2], "")
        silent = list(self._silent(found))
        if silent:
            raise Silent(silent)
        return entry

    def fixtures(self, module: str) -> Iterator[Item]:
        """Yield the fixtures of pytest that a module has."""
        for member in self._loader.modules_collection[module].members.values():
            if (
                not member.is_alias
                and member.is_function
                and any("pytest.fixture" in str(each.value) for each in member.decorators)
            ):
                text = " ".join(member.docstring.value.split("\n\n")[0].split())
                yield Item(member.name, re.sub(r"^(Async)?Iterator\[(.*)\]$", r"\2", str(member.returns)), "", text)

    def _silent(self, found: Any) -> Iterator[str]:
        functions = [found] if found.is_function else []
        if found.is_class:
            functions = [member for _, member in self._public(found) if member.is_function]
            if found.docstring and "\nArgs:" in found.docstring.value:
                functions.append(found)
        for function in functions:
            said = function.docstring.value if function.docstring else ""
            if not re.search(r"^ *Raises:$|raises\s+nothing", said, re.MULTILINE | re.IGNORECASE):
                yield function.path

    def _final(self, found: Any) -> Any:
        return found.final_target if found.is_alias else found

    def _public(self, owner: Any) -> Iterator[tuple[str, Any]]:
        for name, member in owner.all_members.items():
            if not name.startswith("_"):
                yield name, self._final(member)

    def _entry(self, found: Any, name: str, owner: str) -> Entry:
        anchor = f"{owner}.{name}" if owner else name
        sections = found.docstring.parse("google", warnings=False) if found.docstring else []
        parts: dict[str, Any] = {section.kind.value: section.value for section in reversed(sections)}
        text = "\n\n".join(section.value for section in sections if section.kind.value == "text")
        returns = " ".join(part.description for part in parts.get("returns", ()))
        said = {each: part.description for part in parts.get("attributes", ()) for each in _names(_whole(part))}
        raises = [
            Item(each, "", "", part.description)
            for part in parts.get("raises", ())
            for each in _names(str(part.annotation))
        ]
        arguments = [
            self._argument(found, each, part.description) for part in parts.get("parameters", ())
            for each in _names(_whole(part))
        ]  # fmt: skip
        public = list(self._public(found)) if found.is_class else []
        return Entry(
            name=name,
            anchor=anchor,
            kind="class" if found.is_class else "function" if found.is_function else "constant",
            bases=[str(base) for base in found.bases if not HIDDEN.match(str(base))] if found.is_class else [],
            signatures=_signatures(found, name, bool(arguments)),
            text=text,
            arguments=arguments,
            attributes=self._attributes(found, public, said),
            returns=returns,
            raises=raises,
            members=[self._entry(member, each, anchor) for each, member in public if member.is_function],
        )

    def _argument(self, found: Any, name: str, text: str) -> Item:
        function = found.members.get("__init__") if found.is_class else found
        known = {each.name: each for each in function.parameters} if function is not None else {}
        parameter = known.get(name)
        if parameter is None:
            return Item(name, "", "", text)
        default = "" if parameter.default is None or parameter.kind.value.startswith("var") else str(parameter.default)
        return Item(name, _readable(str(parameter.annotation)), default, text)

    def _attributes(self, found: Any, public: list[tuple[str, Any]], said: dict[str, str]) -> list[Item]:
        """Return the attributes that a class describes itself, and its properties."""
        items = []
        constructor = found.members.get("__init__")
        given = {each.name for each in constructor.parameters} if constructor is not None else set()
        for name, member in public:
            if not member.is_attribute:
                continue
            text = said.get(name) or (" ".join(member.docstring.value.split()) if member.docstring else "")
            inherited = member.parent is not found and not text
            if inherited and not found.members.get(name):
                continue
            if name in ("sent", "advice") and found.name != "VoiceError":
                continue
            kept = member.value if "property" not in member.labels else None
            kind = str(member.annotation) if member.annotation else _callee(str(kept or ""))
            kind = _callee(str(kept)) if kind in ("Final", "None") and kept else kind
            default = str(kept) if kept is not None and "class-attribute" in member.labels else ""
            text = text or self._about(member, kind)
            if not text and name in given:
                continue  # the argument of this name has been described
            items.append(Item(name, _readable(kind), default if len(default) < 40 else "", text))
        return items

    def _about(self, member: Any, kind: str) -> str:
        """Return the first sentence about the class that an attribute is of."""
        try:
            found = self._final(self._loader.modules_collection[f"{member.module.path}.{kind.partition('[')[0]}"])
        except (KeyError, griffe.AliasResolutionError):
            return ""  # a type of another library
        return str(found.docstring.value.partition("\n")[0]) if found.docstring else ""


def _whole(part: Any) -> str:
    """Return the names before the colon: griffe takes the second of two for a type."""
    return f"{part.name} {part.annotation}" if part.name.endswith(",") else str(part.name)


def _names(joined: str) -> list[str]:
    return [name for name in re.split(r"[,\s()]+", joined) if name]


def _callee(value: str) -> str:
    return match[1] if (match := re.match(r"([A-Z]\w+)\(", value)) else ""


def _readable(annotation: str) -> str:
    text = annotation.strip("'\"").replace("models.", "").replace("typing.", "")
    if text.startswith("Final["):
        text = text.removeprefix("Final[").removesuffix("]")
    text = re.sub(r"\bCoroutine\[Any, Any, ((?:[^\[\]]|\[[^\[\]]*\])*)\]", r"\1", text)
    text = re.sub(
        r"\b(?:Unpack|Required|Final)\[([^\[\]]*(?:\[[^\[\]]*(?:\[[^\[\]]*\])?[^\[\]]*\])?[^\[\]]*)\]", r"\1", text
    )
    for variable, meaning in RESULTS.items():
        text = re.sub(rf"\b{variable}\b", meaning, text)
    return re.sub(r"\bR\b", "IvrLaunchRequest | ClickToCallLaunchRequest", text)


def _signatures(found: Any, name: str, constructed: bool) -> list[str]:
    if found.is_function:
        return [_signature(each, name) for each in (found.overloads or [found])]
    if constructed and "__init__" in found.members:
        return [_signature(found.members["__init__"], name)]
    if found.is_attribute:
        return [f"{name} = {found.value}"]
    return []


def _signature(function: Any, name: str) -> str:
    parts, star, kinds = [], False, [parameter.kind.value for parameter in function.parameters]
    for position, parameter in enumerate(function.parameters):
        kind = parameter.kind.value
        if kind == "keyword-only" and not star and "variadic positional" not in kinds:
            parts.append("*")
            star = True
        if parameter.name != "self":
            parts.append(_parameter(parameter))
        after = kinds[position + 1] if position + 1 < len(kinds) else ""
        if kind == "positional-only" and after != kind and parameter.name != "self":
            parts.append("/")
    prefix = "async " if "async" in function.labels else ""
    result = f" -> {_readable(str(function.returns))}" if function.returns and name == function.name else ""
    line = f"{prefix}{name}({', '.join(parts)}){result}"
    if len(line) <= WIDEST:
        return line
    inner = "".join(f"    {part},\n" for part in parts)
    return f"{prefix}{name}(\n{inner}){result}"


def _parameter(parameter: Any) -> str:
    stars = {"variadic positional": "*", "variadic keyword": "**"}.get(parameter.kind.value, "")
    shown = f"{stars}{parameter.name}"
    if parameter.annotation:
        shown += f": {_readable(str(parameter.annotation))}"
    if parameter.default is not None and not stars:
        shown += f" = {parameter.default}"
    return shown
