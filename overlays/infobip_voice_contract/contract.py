"""The judged contract: what `openapi.yaml` says, without what would let anything pass."""

import copy
import json
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final, Literal, NamedTuple

import jsonschema_rs

from infobip_voice_wire import paths

__all__ = ["EDITIONS", "OPERATIONS", "Contract", "Edition", "Operation", "Violation", "judged_document"]

Edition = Literal["seeds", "2026"]
EDITIONS: Final[tuple[Edition, ...]] = ("seeds", "2026")

_UNKNOWN: Final = ("additionalProperties", "unevaluatedProperties")
_ANSWERS: Final = ("VoiceResponse", "VoiceReportResponse", "NestedReportResponse", "ApiException")
_RETRY: Final = ("minPeriod", "maxPeriod", "maxCount")


class Operation(NamedTuple):
    """One of the three operations.

    Attributes:
        name: `ivr`, `ctc` or `reports`.
        method: Its only method.
        path: Its path.
        request: The schema of its body; empty if it has none.
        answer: The schema of its success.
    """

    name: str
    method: str
    path: str
    request: str
    answer: str


OPERATIONS: Final = (
    Operation("ivr", "POST", "/voice/ivr/1/messages", "IvrLaunchRequest", "VoiceResponse"),
    Operation("ctc", "POST", "/voice/ctc/1/send", "ClickToCallLaunchRequest", "VoiceResponse"),
    Operation("reports", "GET", "/tts/3/reports", "", "VoiceReportResponse"),
)


class Violation(NamedTuple):
    """One rule of a schema that a value breaks.

    Attributes:
        path: Where, as the API writes it: `messages[0].destinations[1].to`; `$` for the whole.
        keyword: The rule, in the words of JSON Schema; `unknown` for a member that is not known.
        member: The name of the member that breaks it; empty for the whole.
    """

    path: str
    keyword: str
    member: str


@cache
def _document() -> Any:
    return json.loads(resources.files("infobip_voice_schema").joinpath("openapi.json").read_bytes())


def judged_document(*, required_headers: bool = False) -> Any:
    """Return a copy of the contract that judges: every status that it does not list is a fault.

    Args:
        required_headers: Require the header fields that it declares, too. All of them are
            assumptions, so only a server that claims them is judged by them.
    """
    document = copy.deepcopy(_document())
    for operation in (operation for item in document["paths"].values() for operation in item.values()):
        operation["responses"].pop("default", None)
    for response in document["components"]["responses"].values():
        for name, header in response.get("headers", {}).items():
            if required_headers:
                target = document["components"]["headers"][header["$ref"].rpartition("/")[2]]
                response["headers"][name] = {**target, "required": True}
    return document


class Contract:
    """Judges values by the schemas of the contract, for one edition.

    Args:
        edition: Which of the API's two forms the server speaks (ruling R18).
    """

    def __init__(self, edition: Edition = "seeds") -> None:
        self.edition: Edition = edition
        self.document = judged_document()
        self._schemas = self.document["components"]["schemas"]
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def schema(self, name: str) -> Any:
        """Return a schema of the contract."""
        return self._schemas[name]

    @cached_property
    def answered(self) -> frozenset[str]:
        """The names of elements in answers and pushes, wherever they stand."""
        names: set[str] = set()
        seen = set(_ANSWERS)
        waiting: list[Any] = [self._schemas[name] for name in _ANSWERS]
        while waiting:
            schema = waiting.pop()
            for name, member in schema.get("properties", {}).items():
                names |= {name, member.get("xml", {}).get("name", name)}
                waiting.append(member)
            if "x-xml-entries" in schema:
                names |= {schema["x-xml-entries"]["name"], schema["x-xml-entries"]["item"]}
            waiting += [schema["items"]] if "items" in schema else []
            waiting += [each for key in ("allOf", "anyOf", "oneOf") for each in schema.get(key, ())]
            target = schema.get("$ref", "").rpartition("/")[2]
            if target and target not in seen:
                seen.add(target)
                waiting.append(self._schemas[target])
        return frozenset(names)

    def knows(self, schema: str, member: str) -> bool:
        """Return whether this version of the contract has a member."""
        return member in self._schemas.get(schema, {}).get("properties", {})

    def statuses(self, operation: Operation) -> frozenset[int]:
        """Return the statuses that the contract lists for an operation."""
        responses = self.document["paths"][operation.path][operation.method.lower()]["responses"]
        return frozenset(int(status) for status in responses if status.isdecimal())

    def violations(self, name: str, value: Any) -> tuple[Violation, ...]:
        """Return every rule of a schema, and of the edition, that a value breaks."""
        found = tuple(_plain(list(self._of_schema(name, value))))
        if not found and name.endswith("LaunchRequest"):
            found = tuple(_beyond_the_schema(value, self.edition))
        return found

    def _of_schema(self, name: str, value: Any) -> Iterator[Violation]:
        validator = self._validators.get(name)
        if validator is None:
            rules = {"$ref": f"#/components/schemas/{name}", "components": self.document["components"]}
            validator = self._validators[name] = jsonschema_rs.Draft202012Validator(rules)
        if validator.is_valid(value):
            return
        for error in validator.iter_errors(value):
            path = paths.named(error.instance_path, value)
            kind: Any = error.kind
            if kind.name in _UNKNOWN:
                for member in kind.unexpected:
                    yield Violation(_render([*path, member]), "unknown", member)
                continue
            if kind.name == "required":
                path.append(kind.property)
            elif kind.name == "propertyNames":
                path.append(str(kind.error.instance))
            keyword = "type" if kind.name in ("oneOf", "anyOf") else kind.name
            member = next((step for step in reversed(path) if isinstance(step, str)), "")
            yield Violation(_render(path), keyword, member)


def _plain(violations: list[Violation]) -> Iterator[Violation]:
    """Drop what follows from another violation: a text that may not be so is first of all a text.

    Of texts the contract says with `not` what they may not contain.
    """
    paths = {violation.path for violation in violations if violation.keyword != "not"}
    for violation in violations:
        if violation.keyword != "not":
            yield violation
        elif violation.path not in paths:
            yield violation._replace(keyword="pattern")


def _beyond_the_schema(request: Any, edition: Edition) -> Iterator[Violation]:
    """Yield what a schema cannot say: empty windows (R20), and a partial `retry` in 2026 (R18)."""
    for index, message in enumerate(request["messages"]):
        window = message.get("deliveryTimeWindow", {})
        if "to" in window and window["from"] == window["to"]:
            yield Violation(f"messages[{index}].deliveryTimeWindow.to", "window", "to")
        retry = message.get("retry")
        for member in _RETRY if edition == "2026" else ():
            if retry is not None and member not in retry:
                yield Violation(f"messages[{index}].retry.{member}", "required", member)


def _render(path: list[str | int]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "$"
