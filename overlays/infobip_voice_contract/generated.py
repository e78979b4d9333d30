"""Generated requests: schemathesis invents them from the contract, the rules judge what comes back.

Only the inventing is schemathesis': the requests go out as all others do, so that they are in the
journal byte by byte, and are judged by what they are and not by what was intended. The document
that it invents from is narrowed, so that what is valid does no harm: numbers of the pool, ids of
the run, no push, nothing that waits for days.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final

import hypothesis
import requests
import schemathesis
from schemathesis import GenerationMode

from infobip_voice_contract.contract import OPERATIONS, judged_document
from infobip_voice_contract.driver import Driver
from infobip_voice_contract.exchange import ACCOUNT, Request
from infobip_voice_contract.safety import Unsafe
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["CELLS", "generated", "send_generated"]

CELLS: Final = tuple(
    (operation, media_type)
    for operation in OPERATIONS
    for media_type in ((JSON, XML) if operation.request else (JSON,))
)
"""Each operation with each form of its body; both forms of the answer are asked for in turn."""

_SILENT: Final[tuple[Any, ...]] = tuple(hypothesis.HealthCheck)


def generated(run: str, seed: int, examples: int) -> Iterator[tuple[str, Request]]:
    """Return requests with the name of their cell, as many valid and invalid ones for each.

    Args:
        run: The random id of the run, which is in every id.
        seed: The seed; the same seed gives the same requests but for the id.
        examples: How many of each kind for each cell.
    """
    for index, (operation, media_type) in enumerate(CELLS):
        schema = schemathesis.openapi.from_dict(_narrowed(run, media_type))
        operations: Any = schema
        described = operations[operation.path][operation.method]
        name = f"generated {operation.name} in {media_type.rpartition('/')[2]}"
        for offset, mode in enumerate((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
            drawn = _drawn(described.as_strategy(generation_mode=mode), seed * 100 + index * 2 + offset, examples)
            yield from ((name, _request(case, accept)) for case, accept in zip(drawn, cycle((JSON, XML)), strict=False))


def send_generated(driver: Driver, run: str, seed: int, examples: int) -> int:
    """Send generated requests; return how many were left out because they might do harm."""
    harmful = 0
    for name, request in generated(run, seed, examples):
        try:
            driver.send(request, name)
        except Unsafe:
            harmful += 1
    return harmful


def _drawn(strategy: Any, seed: int, examples: int) -> list[Any]:
    cases: list[Any] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples, database=None, deadline=None, phases=(hypothesis.Phase.generate,),
        suppress_health_check=_SILENT,
    )  # fmt: skip
    @hypothesis.given(strategy)
    def collect(case: Any) -> None:
        cases.append(case)

    collect()
    return cases


def _request(case: Any, accept: str) -> Request:
    prepared = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1")).prepare()
    content_type = prepared.headers.get("Content-Type")
    fields = [("Authorization", ACCOUNT), ("Accept", accept)]
    fields += [("Content-Type", str(content_type))] if content_type else []
    body: Any = prepared.body or b""
    return Request(
        str(prepared.method), prepared.path_url, tuple(fields), body.encode() if isinstance(body, str) else body
    )


def _narrowed(run: str, media_type: str) -> Any:
    """Return the judged contract with one form of bodies, and with nothing valid that does harm."""
    document = judged_document()
    for item in document["paths"].values():
        for operation in item.values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]
                operation["requestBody"]["content"] = {media_type: content[media_type]}
            for parameter in operation.get("parameters", ()):
                if parameter["name"] != "limit":
                    parameter["schema"] = _ids(run)
    schemas = document["components"]["schemas"]
    schemas["Identifier"] = _ids(run)
    schemas["PhoneNumber"] = {"type": "string", "pattern": "^999100[0-9]{4,9}$"}
    schemas["NotifyUrl"] = {"type": "string", "enum": [""]}
    schemas["SendAt"] = {"type": "string", "enum": ["2016-07-07T17:00:00.000+01:00", "2016-07-07T17:00:00Z"]}
    schemas["SendingSpeed"]["properties"]["speed"]["minimum"] = 1_000_000
    schemas["IvrMessage"]["properties"]["destinations"]["maxItems"] = 5
    audio = {"type": "string", "pattern": r"^http://127\.0\.0\.1:9/[a-z]{1,9}$"}
    schemas["ClickToCallMessage"]["properties"]["audioFileUrl"] = audio
    for name in ("IvrMessage", "ClickToCallMessage"):
        for waits in ("deliveryTimeWindow", "retry"):
            schemas[name]["properties"].pop(waits, None)
    return document


def _ids(run: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^kit-{run}-g-[a-z0-9]{{1,12}}$"}
