"""Documents that are malformed, or not what they should be, and are accepted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import (
    is_xml,
    launches,
    mended,
)
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.lenient.words import (
    fault,
    nothing_to_do,
)
from infobip_voice_contract.faults.witness import Witness, answered, value
from infobip_voice_contract.stage import IVR, Form

__all__ = ["MALFORMED"]


def _takes_bytes(body: bytes, *, form: Form = "json", operation: str = IVR) -> Witness:
    return answered(lambda stage: stage.post(body, operation, form=form), lambda answer: answer.status == 200)


def _malformed(form: str) -> Callable[[Request], bool]:
    def when(request: Request) -> bool:
        return launches(request) and is_xml(request) == (form == "xml") and value(request, "IvrLaunchRequest") is None

    return when


def _cut_after(close: bytes) -> Make:
    """Read a document up to its end, and ignore what follows."""

    def mend(request: Request) -> Request | None:
        end = request.body.rfind(close)
        rest = request.body[end + len(close) :].strip()
        return (
            replace(request, body=request.body[: end + len(close)]) if launches(request) and end > 0 and rest else None
        )

    return mended(mend)


def _unquoted(request: Request) -> Request | None:
    return (
        replace(request, body=request.body.replace(b"'", b'"')) if launches(request) and b"'" in request.body else None
    )


_PLAIN: Final = b'{"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}]}]}'


_PLAIN_XML: Final = (
    b"<request><messages><messages><scenarioId>x</scenarioId><destinations><destinations><to>999100000001</to>"
    b"</destinations></destinations></messages></messages></request>"
)


MALFORMED: Final = (
    fault(
        id="takes-nothing",
        rule="valid.malformed-json",
        sentence="An empty body is a launch without calls.",
        source=("platform-2026",),
        make=nothing_to_do(lambda request: launches(request) and not request.body and not is_xml(request)),
        witness=_takes_bytes(b""),
    ),
    fault(
        id="takes-any-json",
        rule="valid.malformed-json",
        sentence="What is no JSON is a launch without calls.",
        source=("platform-2026",),
        make=nothing_to_do(_malformed("json")),
        witness=_takes_bytes(b"{"),
    ),
    fault(
        id="takes-single-quotes",
        rule="valid.malformed-json",
        sentence="JSON may have single quotes.",
        source=("platform-2026",),
        make=mended(_unquoted),
        witness=_takes_bytes(_PLAIN.replace(b'"', b"'")),
    ),
    fault(
        id="takes-json-and-more",
        rule="valid.malformed-json",
        sentence="What follows the JSON is ignored.",
        source=("platform-2026",),
        make=_cut_after(b"}"),
        witness=_takes_bytes(_PLAIN + b" and more"),
    ),
    fault(
        id="takes-any-xml",
        rule="valid.malformed-xml",
        sentence="What is no XML is a launch without calls.",
        source=("platform-2026",),
        make=nothing_to_do(_malformed("xml")),
        witness=_takes_bytes(b"<request>", form="xml"),
    ),
    fault(
        id="takes-xml-and-more",
        rule="valid.malformed-xml",
        sentence="What follows the XML is ignored.",
        source=("platform-2026",),
        make=_cut_after(b"</request>"),
        witness=_takes_bytes(_PLAIN_XML + b"<more", form="xml"),
    ),
    fault(
        id="takes-unclosed-xml",
        rule="valid.malformed-xml",
        sentence="The end tag of the root may be missing.",
        source=("platform-2026",),
        make=mended(
            lambda request: (
                replace(request, body=request.body + b"</request>") if is_xml(request) and launches(request) else None
            )
        ),
        witness=_takes_bytes(_PLAIN_XML[:-10], form="xml"),
    ),
)
