"""Scripts of requests that have to be refused before anybody looks at their bodies.

They are safe: a correct server does nothing for any of them. Those for reports name a launch that
does not exist, so that even a careless server hands out nothing.
"""

from collections.abc import Iterator
from typing import Final

from infobip_voice_contract import credentials
from infobip_voice_contract.demands import MAX_BODY
from infobip_voice_contract.exchange import ACCOUNT, Request
from infobip_voice_contract.scripts.script import Script, sends
from infobip_voice_contract.stage import CTC, IVR, Form, Stage

__all__ = ["SCRIPTS"]

_MALFORMED: Final = (
    "Basic bm9ib2R5Om5vdGhpbmc",  # without its padding, as one sample of the documentation
    "Basic",
    "Basic !!!",
    "Basic bm9jb2xvbg==",
    "App",
    "Digest username=nobody",
    "nonsense",
)
_UNACCEPTABLE: Final = (
    "text/html",
    "image/png, text/plain;q=0.5",
    "application/json;q=0, application/xml;q=0",
    "*/*;q=0",
)
_OTHER_TYPES: Final = (
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/octet-stream",
    "application/yaml", "nonsense",
)  # fmt: skip
_UNKNOWN_PATHS: Final = (
    "/",
    "/voice/ivr/1",
    "/voice/ivr/2/messages",
    "/voice/ctc/1",
    "/tts/3",
    "/tts/3/reports/1",
    "/nothing",
)


def _each_operation(stage: Stage, authorization: str | None, accept: str = "application/json") -> Iterator[Request]:
    form: Form = "xml" if accept == "application/xml" else "json"
    yield stage.post(stage.ivr(ids=[stage.id()]), form=form, accept=accept, authorization=authorization)
    yield stage.post(stage.ctc(ids=[stage.id()]), CTC, form=form, accept=accept, authorization=authorization)
    yield stage.get(bulkId=stage.id(), accept=accept, authorization=authorization)


def _wrong(stage: Stage) -> Iterator[Request]:
    for placeholder in (credentials.WRONG_PASSWORD, credentials.UNKNOWN_USER, credentials.WRONG_KEY):
        if placeholder != credentials.WRONG_PASSWORD or placeholder in stage.placeholders:
            yield from _each_operation(stage, placeholder)
    yield from _each_operation(stage, credentials.UNKNOWN_USER, "application/xml")


def _malformed(stage: Stage) -> Iterator[Request]:
    for value in _MALFORMED:
        yield from _each_operation(stage, value)
    if credentials.UNPADDED in stage.placeholders:
        yield from _each_operation(stage, credentials.UNPADDED)


def _none(stage: Stage) -> Iterator[Request]:
    yield from _each_operation(stage, None)
    yield from _each_operation(stage, None, "application/xml")


def _methods(stage: Stage) -> Iterator[Request]:
    for path in (IVR, CTC):
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            yield Request(method, path, (("Authorization", ACCOUNT), ("Accept", "application/json")))
        yield Request("GET", path, (("Authorization", ACCOUNT), ("Accept", "application/xml")))
    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD"):
        yield stage.get(method=method, bulkId=stage.id())


def _paths(stage: Stage) -> Iterator[Request]:
    for path in _UNKNOWN_PATHS:
        yield stage.get(path=path)
        yield stage.post(stage.ivr(), path)
    yield stage.get(path="/nothing", accept="application/xml")


def _unacceptable(stage: Stage) -> Iterator[Request]:
    for accept in _UNACCEPTABLE:
        yield from _each_operation(stage, ACCOUNT, accept)


def _other_types(stage: Stage) -> Iterator[Request]:
    for content_type in (*_OTHER_TYPES, None):
        yield stage.post(stage.ivr(), content_type=content_type, accept="application/json")
        yield stage.post(stage.ctc(), CTC, content_type=content_type, accept="application/xml")


def _too_large(stage: Stage) -> Iterator[Request]:
    document = stage.ivr(ids=[stage.id()])
    whole = stage.post(document).body
    yield stage.post(whole + b" " * (MAX_BODY + 1 - len(whole)))


def _several(stage: Stage) -> Iterator[Request]:
    yield stage.get(path="/nothing", authorization=None)
    yield stage.get(method="DELETE", bulkId=stage.id(), authorization=None)
    yield stage.post(b"{", authorization=None)
    yield stage.post(b"{", authorization=None, content_type="text/plain", accept="text/html")
    yield stage.post(b"{", content_type="text/plain", accept="text/html")
    yield stage.post(b"{", accept="text/html")
    yield stage.get(limit=0, accept="text/html")
    yield stage.get(limit=0, authorization=credentials.UNKNOWN_USER)


SCRIPTS: Final = (
    Script("without credentials", sends(_none)),
    Script("with wrong credentials", sends(_wrong)),
    Script("with malformed credentials", sends(_malformed)),
    Script("with other methods", sends(_methods)),
    Script("at unknown paths", sends(_paths)),
    Script("accepting nothing that is served", sends(_unacceptable)),
    Script("with bodies of other media types", sends(_other_types)),
    Script("with a body above 4 MiB", sends(_too_large)),
    Script("with several causes to refuse", sends(_several)),
)
