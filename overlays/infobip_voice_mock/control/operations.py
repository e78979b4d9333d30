"""The operations of the control plane, as its OpenAPI document, `control.json`, describes them."""

import functools
import re
from http import HTTPStatus
from importlib import resources
from typing import Any
from urllib.parse import unquote

import msgspec

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.sentences import nearest
from infobip_voice_mock.validation import QueryValidator, Rules
from infobip_voice_wire.media_types import JSON

__all__ = ["ControlOperation", "find", "openapi_document", "operations"]


@functools.cache
def openapi_document() -> Any:
    """Return `control.json` as a JSON value."""
    return msgspec.json.decode(resources.files("infobip_voice_mock.control").joinpath("control.json").read_bytes())


class ControlOperation:
    """One operation of the control plane.

    Args:
        path: Its path in `control.json`.
        method: Its HTTP method, in upper case.
        item: Its operation object.

    Attributes:
        operation_id: Its id in `control.json`.
        method: Its HTTP method, in upper case.
        query: Reads and checks the query.
        body: Checks the body; None if the operation has none.
    """

    def __init__(self, path: str, method: str, item: Any) -> None:
        self.operation_id: str = item["operationId"]
        self.method = method
        self.query = QueryValidator(item.get("parameters", ()))
        self.body: Rules | None = None
        if "requestBody" in item:
            schema = item["requestBody"]["content"][JSON]["schema"]
            self.body = Rules({**schema, "components": openapi_document()["components"]})
        self._pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))

    def path_values(self, path: str) -> dict[str, str] | None:
        """Return the values of the path's parameters; None if the path is not the operation's.

        The path is percent-encoded, because names and ids may have slashes.
        """
        match = self._pattern.fullmatch(path)
        return None if match is None else {name: unquote(value) for name, value in match.groupdict().items()}


@functools.cache
def operations() -> dict[str, ControlOperation]:
    """Return every operation by its id."""
    found = [
        ControlOperation(path, method.upper(), item)
        for path, items in openapi_document()["paths"].items()
        for method, item in items.items()
        if method != "parameters"
    ]
    return {operation.operation_id: operation for operation in found}


def find(method: str, path: str) -> tuple[ControlOperation, dict[str, str]]:
    """Return the operation of a method and a path, and the values of its path parameters.

    The path is the part below `/_mock`, percent-encoded.

    Raises:
        Refusal: 404 for an unknown path, 405 for another method.
    """
    here = [(each, values) for each in operations().values() if (values := each.path_values(path)) is not None]
    if not here:
        near = nearest(path, openapi_document()["paths"])
        raise Refusal.of(HTTPStatus.NOT_FOUND, f"Not Found; the nearest path is /_mock{near}")
    for operation, values in here:
        if operation.method == method:
            return operation, values
    raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow=", ".join(operation.method for operation, _ in here))
