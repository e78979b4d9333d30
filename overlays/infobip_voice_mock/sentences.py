"""What a refusal says: the rule in words and the nearest right value, in 120 characters.

The rules are those of the schemas; this module only finds words for what breaks them. No text shows
a pattern. None quotes a value either, because that may be a telephone number; a time is none.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import jsonschema_rs

__all__ = [
    "MAX_CHARACTERS",
    "REQUIRED",
    "SENTENCES",
    "did_you_mean",
    "nearest",
    "path_text",
    "printable",
    "sentences",
    "shortened",
]

MAX_CHARACTERS: Final = 120
"""No text is longer. One that another library wrote is cut."""

REQUIRED: Final = "is required"

_TYPES: Final = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
}
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_URL: Final = r"[Hh][Tt][Tt][Pp][Ss]?://([!-.0->A-Z\[-~]*@)?([A-Za-z0-9._~%\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([\x2F?#][!-~]*)?"
_MOMENT: Final = (
    "^([12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))|([12][0-9](0[48]|[2468][048]|[13579][26])|(1[26]|2[048])00)-02-29)"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+\-](0[0-9]|1[0-4]):?[0-5][0-9])$"
)
_NAME: Final = r"^[A-Za-z_][A-Za-z0-9_.\-]*$"
_IVR_SENDER: Final = "^[0-9]{3,14}$"
_CLICK_SENDER: Final = "^[0-9]{3,15}$"
_TELEPHONE: Final = "^[1-9][0-9]{4,14}$"
_NUMBERS: Final = (_IVR_SENDER, _CLICK_SENDER, _TELEPHONE)

SENTENCES: Final = {
    r"^[^\x00-\x08\x0B\x0C\x0E-\x1F]*$": "must not have control characters; of those XML knows only tab and line ends",
    "[\ufffe\uffff]": "must not have the characters U+FFFE and U+FFFF, which XML cannot carry",
    _IVR_SENDER: "must be 3 to 14 digits and nothing else",
    _CLICK_SENDER: "must be 3 to 15 digits and nothing else",
    _TELEPHONE: "must be 5 to 15 digits and nothing else, without a leading zero",
    f"^({_URL})?$": "must be an http or https URL in ASCII, such as https://www.example.com/reports, or empty",
    f"^{_URL}$": "must be an http or https URL in ASCII, such as https://www.example.com/hello.mp3",
    _MOMENT: "must be an existing date and a time with an offset",
    _NAME: "a name here begins with an ASCII letter or _, and has letters, digits, _ - and . alone",
    "^[1-9][0-9]{0,17}$": "must be a whole number of at least 1 and 18 digits at the most, without a leading zero",
}
"""What each pattern of the contract and of `control.json` asks for."""


_FORM: Final = "must have the form that the contract asks for"
"""For a pattern of somebody else's contract."""


def sentences(error: jsonschema_rs.ValidationError, schema: Any, at: Sequence[str | int]) -> Iterator[tuple[str, str]]:
    """Return the paths of what breaks a rule, each with a text.

    Args:
        error: What the validator found.
        schema: The schema that it was made of.
        at: Where the error is.
    """
    path = list(at)
    kind: Any = error.kind
    keyword, rule = str(error.schema_path[-1]), schema
    for step in list(error.schema_path)[:-1]:
        rule = rule[step]
    match kind.name:
        case "additionalProperties" | "unevaluatedProperties":
            for member in kind.unexpected:
                yield path_text([*path, member]), f"unknown member{did_you_mean(member, rule['properties'])}"
            return
        case "not" if not isinstance(error.instance, str):
            return  # the contract says `not` of characters alone, and that a text is wanted by `type`
        case "required":
            path.append(kind.property)
            text = REQUIRED if keyword == "required" else _beside(kind.property, rule["dependentRequired"])
        case "propertyNames":
            path.append(str(kind.error.instance))
            text = SENTENCES.get(kind.error.kind.pattern, _FORM)
        case "type":
            text = f"must be {_TYPES[kind.types[0]]}"
        case "oneOf":  # the only union in a request: R6 allows "true" beside true
            text = "must be true or false"
        case "enum":
            text = _one_of([str(option) for option in kind.options], error.instance)
        case "pattern":
            text = SENTENCES.get(kind.pattern, _FORM) + _right_value(kind.pattern, str(error.instance))
        case "not":
            text = SENTENCES.get(kind.schema["pattern"], _FORM)
        case "uniqueItems":
            text = "must not have the same item twice"
        case "falseSchema":
            text = "is not allowed here"
        case name if name.startswith(("min", "max")):
            text = _bound(name, kind.limit)
        case other:
            text = f"breaks the rule `{other}` of its schema"
    yield path_text(path), text


def path_text(path: Iterable[str | int]) -> str:
    """Return a path as the API writes it: `messages[0].destinations[1].to`; `$` for the whole."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{printable(step)}" if text else printable(step)
    return text or "$"


def printable(text: str) -> str:
    """Return `text` with an escape for every character that XML cannot carry."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def shortened(text: str) -> str:
    """Return `text`, cut where it has more than `MAX_CHARACTERS`."""
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return the known name that is like `word`, as the end of a text; empty if none is."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(word).lower()[:100], by_lower, n=1, cutoff=0.6)
    return f"; did you mean {by_lower[near[0]]}?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return that one of the known names which is most like `word`."""
    return difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0)[0]


def _one_of(options: list[str], value: object) -> str:
    near = did_you_mean(value, options)
    text = f"must be one of {', '.join(options)}" if len(options) > 1 else f"must be {options[0]}"
    if len(text + near) <= MAX_CHARACTERS:
        return text + near
    return f"must be one of {len(options)} words{near or f', such as {options[0]}'}"


def _beside(member: str, dependent: dict[str, list[str]]) -> str:
    return f"{REQUIRED} beside {next(other for other, needed in dependent.items() if member in needed)}"


def _bound(name: str, limit: int) -> str:
    verb = "must be" if name.endswith("imum") else "must have"
    bound = "at least" if name.startswith("min") else "at most"
    unit = {"Length": " character", "Items": " item", "Properties": " member"}.get(name[3:], "")
    return f"{verb} {bound} {limit}{unit}{'s' if unit and limit != 1 else ''}"


def _right_value(pattern: str, value: str) -> str:
    """Return what would be right instead of `value`, as the end of a text."""
    if pattern == _MOMENT:
        near = value.strip()[:40].replace(" ", "T", 1)
        for right in (near, f"{near}Z", f"{near}:00Z", f"{near}T00:00:00Z"):
            if re.fullmatch(_MOMENT, right):
                return f"; did you mean {right}?"
        return ", such as 2016-07-07T17:00:00.000+01:00"
    return "; write its digits alone, from the country code on" if _means_a_number(pattern, value) else ""


def _means_a_number(pattern: str, value: str) -> bool:
    """Return whether the pattern asks for a number and people would take `value` for one (R24)."""
    from infobip_voice_wire import telephone  # it costs as much as all else here, and few are refused

    try:
        return pattern in _NUMBERS and re.fullmatch(pattern, telephone.normalise(value)) is not None
    except ValueError:
        return False
