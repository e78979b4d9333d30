"""Faults of letting in: what is compared of the credentials, and when."""

import base64
from typing import Final

from infobip_voice_contract.credentials import LOWER_CASE, WRONG_PASSWORD
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import authorization, refused, refusing, remembering
from infobip_voice_contract.faults.edits import body_of, fetches, header, launches
from infobip_voice_contract.faults.fault import Fault, Send
from infobip_voice_contract.faults.witness import Steps, Witness, answered
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_COMPARED: Final = 8


def _pair(field: str) -> tuple[str, str] | None:
    """Return the user and the password of a Basic field, whatever its padding."""
    scheme, _, token = field.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4), validate=True).decode()
    except ValueError:
        return None
    user, _, password = text.partition(":")
    return user, password


async def _beginning(request: Request, send: Send, known: str) -> Answer:
    tried, right = _pair(authorization(request)), _pair(known)
    if tried and right and tried[0] == right[0] and tried[1][:_COMPARED] == right[1][:_COMPARED]:
        request = header(request, "Authorization", known)
    return await send(request)


async def _mended_padding(request: Request, send: Send, known: str) -> Answer:  # noqa: ARG001 - one of several
    field = authorization(request)
    pair = _pair(field)
    if pair is not None and len(field.partition(" ")[2]) % 4:
        whole = base64.b64encode(":".join(pair).encode()).decode()
        request = header(request, "Authorization", f"Basic {whole}")
    return await send(request)


async def _body_first(request: Request, send: Send, known: str) -> Answer:
    if launches(request) and not authorization(request) and body_of(request) is None and known:
        return await refused(header(request, "Authorization", known), send)
    return await send(request)


async def _left_over(request: Request, send: Send, known: str) -> Answer:
    if fetches(request) and not authorization(request) and known:
        return await send(header(request, "Authorization", known))
    return await send(request)


def _after_a_right_one(authorized: str | None) -> Witness:
    def witness(stage: Stage) -> Steps:
        yield stage.get(bulkId=stage.id())
        answer: Answer = yield stage.get(bulkId=stage.id(), authorization=authorized)
        return answer.status == 200

    return witness


def _malformed_by_nobody(stage: Stage) -> Steps:
    yield stage.get(bulkId=stage.id())
    answer: Answer = yield stage.post(b'{"messages": [', authorization=None)
    return answer.status == 400


FAULTS: Final = (
    Fault(
        id="password-beginning", group="authentication",
        sentence="Only the first eight characters of the password are compared.",
        advice="Let your password's first eight characters be hard to guess.",
        source=("ivr-2017",), make=remembering(_beginning), witness=_after_a_right_one(WRONG_PASSWORD),
    ),
    Fault(
        id="scheme-by-case", group="authentication",
        sentence="The name of the scheme has to be written `Basic` or `App`, or there is a 401.",
        advice="Begin the field with a capital letter.", source=("ivr-2017", "ctc", "reports"),
        make=refusing(lambda request: authorization(request)[:1].islower(), 401),
        witness=answered(
            lambda stage: stage.get(bulkId=stage.id(), authorization=LOWER_CASE), lambda answer: answer.status == 401
        ),
    ),
    Fault(
        id="padding-made-up", group="authentication",
        sentence="Credentials whose base64 lacks its padding are let in.", advice="Send whole base64.",
        source=("assumption",), make=remembering(_mended_padding),
        witness=answered(
            lambda stage: stage.get(bulkId=stage.id(), authorization="Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ="),
            lambda answer: answer.status == 200,
        ),
    ),
    Fault(
        id="body-before-credentials", group="authentication",
        sentence="A launch by nobody whose body cannot be read is a 400, not a 401.",
        advice="Do not take a 400 for a sign that your credentials are right.",
        source=("assumption",), make=remembering(_body_first), witness=_malformed_by_nobody,
    ),
    Fault(
        id="login-left-over", group="authentication",
        sentence="Who asks for reports without credentials is taken for whoever was let in before.",
        advice="Tell the operator of the server at once: anybody may take your reports.",
        source=("reports",), make=remembering(_left_over), witness=_after_a_right_one(None),
    ),
)  # fmt: skip
