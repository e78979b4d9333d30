"""Faults of methods: what a framework serves without being asked."""

from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import answering, asking, header, stateless
from infobip_voice_contract.faults.fault import Fault, Send, is_push
from infobip_voice_contract.faults.witness import Steps, Wait, answered, entries, reports
from infobip_voice_contract.stage import CTC, REPORTS, Stage

__all__ = ["FAULTS"]


async def _head(request: Request, send: Send) -> Answer:
    if request.method != "HEAD" or is_push(request):
        return await send(request)
    return replace(await send(replace(request, method="GET")), body=b"")


def _gone_after_head(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(bulk=bulk))
    yield Wait()
    yield stage.get(bulkId=bulk, method="HEAD")
    answer: Answer = yield stage.get(bulkId=bulk)
    return not reports(answer)


def _any_method(request: Request) -> Request:
    if request.path == REPORTS and request.method == "POST":
        read: Request = replace(header(request, "Content-Type", None), method="GET", body=b"")
        return read
    return request


def _put(request: Request) -> Request:
    return replace(request, method="POST") if request.method == "PUT" and request.path == CTC else request


def _posted_for(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk, method="POST")
    return bool(reports(answer))


FAULTS: Final = (
    Fault(
        id="head-consumes", group="method",
        sentence="HEAD on the reports is served as a GET whose document is thrown away.",
        advice="Never probe the reports with HEAD: what waits is lost.", source=("reports", "assumption"),
        make=stateless(_head), witness=_gone_after_head,
    ),
    Fault(
        id="post-fetches", group="method", sentence="POST on the reports hands them out as GET does.",
        advice="Let nothing repeat a POST to that path.", source=("assumption",), make=asking(_any_method),
        witness=_posted_for,
    ),
    Fault(
        id="put-clicks", group="method", sentence="PUT on the click to call launches as POST does.",
        advice="Some proxies repeat a PUT on their own: never send one.", source=("assumption",),
        make=asking(_put),
        witness=answered(lambda stage: stage.post(stage.ctc(), CTC, method="PUT"), entries),
    ),
    Fault(
        id="allow-of-framework", group="method",
        sentence="A 405 says `Allow: GET, HEAD, OPTIONS`, and answers HEAD with 405 too.",
        advice="Do not choose a method by `Allow`.", source=("assumption",),
        make=answering(
            lambda answer: header(answer, "Allow", "GET, HEAD, OPTIONS"),
            when=lambda request, answer: answer.status == 405 and request.path == REPORTS,
        ),
        witness=answered(
            lambda stage: stage.get(method="HEAD"), lambda answer: "HEAD" in (answer.field("allow") or "")
        ),
    ),
)  # fmt: skip
