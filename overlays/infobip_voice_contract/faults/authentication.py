"""Faults about who is let in."""

import base64
from collections.abc import Callable
from functools import partial
from typing import Final

from infobip_voice_contract import credentials
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import NOTHING, answering, errors, header, launches, stated
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered, reports
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["AUTHENTICATION"]

_OPEN: Final = "A client cannot see this; test your own server with wrong credentials, and count on none to be refused."
_SHUT: Final = "Take a 401 for what it is: stop, tell a person, and do not send the same again."
_CHALLENGE: Final = "Do not wait for WWW-Authenticate: send the credentials with the first request."


def _admitting(who: Callable[[str, str], object], *, where: Callable[[Request], bool] = lambda _: True) -> Make:
    """Admit strangers to the account of whoever was let in before.

    Args:
        who: Says so of the Authorization that was given, and of the right one.
        where: The requests for which it does so.
    """

    def make() -> Wrapper:
        right: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            given = (request.fields("authorization") or [""])[0]
            if answer.status == 200 and given:
                right[:] = [given]
            if answer.status != 401 or not right or not where(request) or not who(given, right[0]):
                return answer
            return await send(header(request, "authorization", right[0]))

        return wrapper

    return make


def _user(authorization: str) -> str:
    scheme, _, encoded = authorization.partition(" ")
    if scheme != "Basic":
        return ""
    try:
        name, colon, _ = base64.b64decode(encoded, validate=True).partition(b":")
    except ValueError:
        return ""
    return name.decode("latin-1") if colon else ""


def _excluding(who: Callable[[str], object], *, where: Callable[[Request], bool] = lambda _: True) -> Make:
    """Refuse right credentials as wrong ones are refused."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = (request.fields("authorization") or [""])[0]
        excluded = not is_push(request) and where(request) and who(given)
        return await send(header(request, "authorization", "nonsense") if excluded else request)

    return lambda: wrapper


def _let_in(authorization: str | None, *, path: str = "") -> Witness:
    """After somebody was let in, so is a stranger."""

    def witness(stage: Stage) -> Steps:
        yield stage.get(bulkId=stage.id())
        launch = stage.post(
            stage.ctc() if path == CTC else stage.ivr(), path or "/voice/ivr/1/messages", authorization=authorization
        )
        answer: Answer = yield launch if path else stage.get(bulkId=stage.id(), authorization=authorization)
        return answer.status == 200

    return witness


def _turned_away(authorization: str, *, form: str = "json") -> Witness:
    return answered(
        lambda stage: stage.get(bulkId=stage.id(), authorization=authorization, accept=f"application/{form}"),
        lambda answer: answer.status == 401,
    )


def _for_anybody(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk, authorization=None)
    return bool(reports(answer))


def _nobody(stage: Stage) -> Request:
    return stage.get(bulkId=stage.id(), authorization=None)


_fault = partial(Fault, group="authentication")

AUTHENTICATION: Final = (
    _fault(
        id="auth-open",
        rule="auth.none",
        sentence="Who sends no credentials is let in.",
        advice=_OPEN,
        source=SEEDS,
        make=_admitting(lambda given, _: not given),
        witness=_for_anybody,
    ),
    _fault(
        id="auth-open-clicks",
        rule="auth.none",
        sentence="Clicks to call need no credentials.",
        advice=_OPEN,
        source=SEEDS,
        make=_admitting(lambda given, _: not given, where=lambda request: request.path == CTC),
        witness=_let_in(None, path=CTC),
    ),
    _fault(
        id="auth-any-password",
        rule="auth.wrong-password",
        sentence="Any password of a known user is right.",
        advice=_OPEN,
        source=SEEDS,
        make=_admitting(lambda given, right: _user(given) == _user(right) != ""),
        witness=_let_in(credentials.WRONG_PASSWORD),
    ),
    _fault(
        id="auth-any-user",
        rule="auth.unknown-user",
        sentence="An unknown user is let in.",
        advice=_OPEN,
        source=SEEDS,
        make=_admitting(lambda given, right: _user(given) not in ("", _user(right))),
        witness=_let_in(credentials.UNKNOWN_USER),
    ),
    _fault(
        id="auth-any-key",
        rule="auth.wrong-key",
        sentence="Any API key is right.",
        advice=_OPEN,
        source=("platform-2026",),
        make=_admitting(lambda given, _: given.startswith("App ") and len(given) > 10),
        witness=_let_in(credentials.WRONG_KEY),
    ),
    _fault(
        id="auth-nonsense",
        rule="auth.malformed",
        sentence="Credentials that nobody can read are let in.",
        advice=_OPEN,
        source=("assumption",),
        make=_admitting(lambda given, _: bool(given) and not _user(given) and not given.startswith("App ")),
        witness=_let_in("Basic !!!"),
    ),
    _fault(
        id="auth-nonsense-400",
        rule="auth.malformed",
        sentence="Credentials that nobody can read are answered 400.",
        advice="Treat a refusal of the credentials by its meaning, and not by its number alone.",
        source=("assumption",),
        make=answering(
            lambda answer: stated(answer, 400, "BAD_REQUEST"),
            when=lambda request, answer: answer.status == 401 and "!" in str(request.fields("authorization")),
        ),
        witness=answered(lambda stage: stage.get(authorization="Basic !!!"), lambda answer: answer.status == 400),
    ),
    _fault(
        id="auth-forbidden",
        rule="auth.none",
        sentence="Missing credentials are answered 403.",
        advice="Treat 401 and 403 alike where it is about credentials.",
        source=SEEDS,
        make=answering(
            lambda answer: stated(answer, 403, "FORBIDDEN"),
            when=lambda request, answer: answer.status == 401 and not request.fields("authorization"),
        ),
        witness=answered(_nobody, lambda answer: answer.status == 403),
    ),
    _fault(
        id="auth-shut-xml",
        rule="auth.accepted",
        sentence="Right credentials are refused where XML is asked for.",
        advice=_SHUT,
        source=SEEDS,
        make=_excluding(
            lambda given: given.startswith("Basic "), where=lambda request: "xml" in str(request.fields("accept"))
        ),
        witness=_turned_away("<account>", form="xml"),
    ),
    _fault(
        id="auth-shut-clicks",
        rule="auth.accepted",
        sentence="Right credentials are refused for clicks to call.",
        advice=_SHUT,
        source=SEEDS,
        make=_excluding(lambda given: given.startswith("Basic "), where=lambda request: request.path == CTC),
        witness=answered(lambda stage: stage.post(stage.ctc(), CTC), lambda answer: answer.status == 401),
    ),
    _fault(
        id="auth-no-keys",
        rule="auth.second-scheme",
        sentence="API keys are refused.",
        advice=_SHUT,
        source=("platform-2026",),
        make=_excluding(lambda given: given.startswith("App ")),
        witness=_turned_away(credentials.SECOND),
    ),
    _fault(
        id="auth-scheme-case",
        rule="auth.scheme-case",
        sentence="The name of the scheme has to be written Basic.",
        advice="Write Basic and App as the documentation does.",
        source=("assumption",),
        make=_excluding(lambda given: given.startswith(("basic ", "app "))),
        witness=_turned_away(credentials.LOWER_CASE),
    ),
    _fault(
        id="auth-no-challenge",
        rule="auth.challenge",
        sentence="A 401 has no WWW-Authenticate.",
        advice=_CHALLENGE,
        source=("assumption",),
        make=answering(lambda answer: header(answer, "www-authenticate", None), when=errors(401)),
        witness=answered(_nobody, lambda answer: answer.field("www-authenticate") is None),
    ),
    _fault(
        id="auth-bare-realm",
        rule="auth.challenge",
        sentence="The WWW-Authenticate of a 401 names a realm, and no scheme.",
        advice=_CHALLENGE,
        source=("assumption",),
        make=answering(lambda answer: header(answer, "www-authenticate", 'realm="voice"'), when=errors(401)),
        witness=answered(_nobody, lambda answer: answer.field("www-authenticate") == 'realm="voice"'),
    ),
    _fault(
        id="auth-lost",
        group="status",
        rule="status.answered",
        sentence="Who sends no credentials gets no answer.",
        advice="Put a limit on how often you try again.",
        source=SEEDS,
        make=answering(lambda _: NOTHING, when=errors(401)),
        witness=answered(_nobody, lambda answer: answer.status == 0),
    ),
    _fault(
        id="auth-launch-only",
        rule="auth.none",
        sentence="Launches need no credentials.",
        advice=_OPEN,
        source=SEEDS,
        make=_admitting(lambda given, _: not given, where=launches),
        witness=_let_in(None, path="/voice/ivr/1/messages"),
    ),
    _fault(
        id="auth-after-type",
        rule="auth.first",
        sentence="A launch by nobody in a form that is not served is a 415, not a 401.",
        advice=_SHUT,
        source=("assumption",),
        make=answering(
            lambda answer: stated(answer, 415, "UNSUPPORTED_MEDIA_TYPE"),
            when=lambda request, answer: (
                answer.status == 401
                and launches(request)
                and not request.fields("authorization")
                and "application/" not in " ".join(request.fields("content-type"))
            ),
        ),
        witness=answered(
            lambda stage: stage.post(b"{", authorization=None, content_type="text/plain"),
            lambda answer: answer.status == 415,
        ),
    ),
    _fault(
        id="auth-html",
        group="headers",
        rule="head.refusal-type",
        sentence="A 401 is a page in HTML.",
        advice="Look at the status first, and read a body only as what its Content-Type says.",
        source=("platform-2026",),
        make=answering(
            lambda answer: header(
                Answer(401, answer.headers, b"<html>who are you?</html>"), "content-type", "text/html"
            ),
            when=errors(401),
        ),
        witness=answered(_nobody, lambda answer: answer.field("content-type") == "text/html"),
    ),
)
