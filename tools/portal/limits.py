"""Types and limits of the contract in words.

A pattern is machine language: each has a sentence here. A keyword or a pattern that nobody has put
into words ends the build, so that no limit of the contract is missing on its page.
"""

from typing import Any, Final

from contract_diff.history import ROOT

__all__ = ["Wordless", "limits", "sentence", "type_name"]

Json = dict[str, Any]
XML_TEXT: Final = "Characters that XML can carry."
DATE_TIME: Final = "A date that exists, a time, and an offset, such as"
URL: Final = "An absolute http or https URL in ASCII, with a host."
PATTERNS: Final = {
    "^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$": XML_TEXT,
    "[\ufffe\uffff]": XML_TEXT,
    "^[0-9]{3,14}$": "3 to 14 digits, and nothing else.",
    "^[0-9]{3,15}$": "3 to 15 digits, and nothing else.",
    "^[1-9][0-9]{4,14}$": "5 to 15 digits without a leading zero, and nothing else: no `+`, no spaces.",
    "^[A-Za-z_][A-Za-z0-9_.\\-]*$": (
        "Each name begins with a letter or `_` and goes on with letters, digits, `_`, `.` and `-`."
    ),
}
LONG_PATTERNS: Final = {
    "^[Hh][Tt][Tt][Pp]": URL,
    "^([Hh][Tt][Tt][Pp]": f"{URL} Or the empty text, which means absent.",
    "^([12][0-9]{3}-((0[13578]|": f"{DATE_TIME} `2016-07-07T17:00:00.000+01:00`. The fraction may be absent.",
    "^[0-9]{4}-(0[1-9]|1[0-2])-": f"{DATE_TIME} `2015-02-12T09:58:20.323+0100`: milliseconds, no colon.",
}
"""Patterns that fill a line are known by their beginning, which no other may have."""
FORMATS: Final = {
    "decimal": "Exact: no binary float.",
    "int64": "As an integer: milliseconds since 1970, in 64 bits.",
}
TYPES: Final = {
    "string": "text", "integer": "integer", "number": "decimal", "boolean": "true or false", "object": "object",
}  # fmt: skip
SHOWN_ELSEWHERE: Final = {
    "type", "description", "examples", "xml", "properties", "required", "items", "additionalProperties", "title",
    "x-about", "x-provenance", "x-xml-entries", "unevaluatedProperties", "anyOf", "oneOf", "$ref",
}  # fmt: skip


class Wordless(SystemExit):
    """Say which part of the contract nobody has put into words."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no words for {what}: add a sentence to {__file__.removeprefix(f'{ROOT}/')}")


def type_name(schema: Json) -> str:
    """Return the type of a resolved schema in words, such as `text or null`."""
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives:
        return " or ".join(dict.fromkeys(name for each in alternatives for name in type_name(each).split(" or null")[:1]
                                         if name != "null")) + _null(schema)  # fmt: skip
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    names = [_list(schema) if kind == "array" else TYPES[kind] for kind in kinds if kind != "null"]
    return " or ".join(names) + _null(schema) if names else "null"


def _list(schema: Json) -> str:
    item = type_name(schema["items"])
    return f"list of {item}s"


def _null(schema: Json) -> str:
    kinds = schema.get("type", ())
    here = "null" in kinds if isinstance(kinds, list) else False
    below = any(_null(each) or each.get("type") == "null" for each in schema.get("anyOf", ()))
    return " or null" if here or below else ""


def limits(schema: Json) -> list[str]:
    """Return the limits of a resolved schema as sentences.

    Raises:
        Wordless: a keyword or a pattern that has no sentence.
    """
    said: list[str] = []
    done: set[str] = set()
    for keyword, value in schema.items():
        if keyword in SHOWN_ELSEWHERE or keyword in done:
            continue
        if keyword in ("minLength", "maxLength"):
            said.append(_range(schema, "minLength", "maxLength", "character"))
            done |= {"minLength", "maxLength"}
        elif keyword in ("minItems", "maxItems"):
            said.append(_range(schema, "minItems", "maxItems", "entry"))
            done |= {"minItems", "maxItems"}
        elif keyword in ("minimum", "maximum"):
            said.append(_range(schema, "minimum", "maximum", ""))
            done |= {"minimum", "maximum"}
        else:
            said += _sentences(keyword, value)
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        said += limits(each)
    return list(dict.fromkeys(said))


def _sentences(keyword: str, value: Any) -> list[str]:
    match keyword:
        case "pattern":
            return [sentence(value)]
        case "not" | "propertyNames":
            return [sentence(value["pattern"])]
        case "enum":
            return [f"One of {', '.join(f'`{each}`' for each in value)}." if len(value) > 1 else f"Only `{value[0]}`."]
        case "default":
            return [f"Absent means `{value}`."]
        case "uniqueItems":
            return ["No entry comes twice."]
        case "format":
            if value not in FORMATS:
                raise Wordless(f"the format {value!r}")
            return [FORMATS[value]]
        case "dependentRequired":
            pairs = dict.fromkeys(tuple(sorted((name, other))) for name, others in value.items() for other in others)
            mutual = all(left in value.get(right, ()) and right in value.get(left, ()) for left, right in pairs)
            if not mutual:
                raise Wordless(f"members that need another, but not the other them: {value!r}")
            return [f"Both `{left}` and `{right}`, or neither." for left, right in pairs]
    raise Wordless(f"the keyword {keyword!r}")


def sentence(pattern: str) -> str:
    """Return the sentence of a pattern.

    Raises:
        Wordless: it has none.
    """
    found = [words for beginning, words in LONG_PATTERNS.items() if pattern.startswith(beginning)]
    words = PATTERNS.get(pattern) or (found[0] if len(found) == 1 else None)
    if words is None:
        raise Wordless(f"the pattern {pattern!r}")
    return words


def _range(schema: Json, least: str, most: str, unit: str) -> str:
    low, high = schema.get(least), schema.get(most)
    plural = {"": "", "character": " characters", "entry": " entries"}[unit]
    if high is None:
        return f"At least {low:,}{f' {unit}' if unit and low == 1 else plural}."
    return f"At most {high:,}{plural}." if low is None else f"{low:,} to {high:,}{plural}."
