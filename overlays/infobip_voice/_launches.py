"""Launches: sending what was prepared, and reading the answers."""

from typing import Final, TypeVar, cast

from attrs import frozen

from infobip_voice import errors
from infobip_voice._answers import NOT_UNDERSTOOD, failed, value
from infobip_voice._exchange import Flow, Setup, exchange
from infobip_voice._log import LOG
from infobip_voice._messages import Operation, Request
from infobip_voice._models import models
from infobip_voice._prepared import JSON, Prepared, message_ids
from infobip_voice._shapes import refuse_formless
from infobip_voice_client.api.click_to_call import launch_click_to_call
from infobip_voice_client.api.ivr import launch_outbound_ivr
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest, VoiceResponse
from infobip_voice_client.types import UNSET
from infobip_voice_wire import media_types

__all__ = ["Launch", "launch"]

_DUPLICATE: Final = "REJECTED_DUPLICATE_MESSAGE_ID"
_NOT_ALL: Final = (
    "{} request(s) of this launch were accepted before that one: launching it again would dial their calls twice. What "
    "had no effect is in `unsent`, to be sent."
)

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)


@frozen(repr=False)
class Launch:
    """What became of a launch.

    Attributes:
        bulk_id: the name of the request.
        message_ids: the names of its calls, in order.
        responses: the answers as generated models, one for each request that was needed.
        messages: the entries of these calls in the answers.
        went_through_before: message ids that a repeated request found in use: the first try had
            gone through.
        unlisted: message ids that no answer has an entry for. Their calls may be made all the same.
        others: entries that name another call than the request did, or stand in an answer to
            another bulk id. They say nothing about this launch and are not `accepted`; that there
            are some is logged as a warning.
    """

    bulk_id: str
    message_ids: tuple[str, ...]
    responses: tuple[VoiceResponse, ...]
    messages: tuple[models.VoiceResponseDetails, ...]
    went_through_before: frozenset[str] = frozenset()
    unlisted: tuple[str, ...] = ()
    others: tuple[models.VoiceResponseDetails, ...] = ()

    @property
    def rejected(self) -> list[models.VoiceResponseDetails]:
        """Return the entries of calls that will not be made (status group 5)."""
        return [entry for entry in self.messages if self._is_rejected(entry)]

    @property
    def accepted(self) -> list[models.VoiceResponseDetails]:
        """Return the entries of calls that are being made."""
        return [entry for entry in self.messages if not self._is_rejected(entry)]

    def _is_rejected(self, entry: models.VoiceResponseDetails) -> bool:
        return entry.status.group_id == 5 and entry.message_id not in self.went_through_before

    def __repr__(self) -> str:
        return f"Launch(bulk_id={self.bulk_id!r}, calls={len(self.messages)}, rejected={len(self.rejected)})"


def launch(setup: Setup, prepared: Prepared[R], repeat_uncertain: bool, sent_before: bool) -> Flow[Launch]:
    """Send the requests of a prepared launch, one after the other, and return what became of them.

    Raises:
        ValueError: one of them cannot be written in the client's format; nothing was sent.
        VoiceError: of the request that failed; what had no effect is in its `unsent`.
    """
    responses: list[VoiceResponse] = []
    ours: list[models.VoiceResponseDetails] = []
    others: list[models.VoiceResponseDetails] = []
    before: set[str] = set()
    # All of them before the first is sent.
    requests = [_request(setup, model, repeat_uncertain) for model in prepared.requests]
    for number, request in enumerate(requests, 1):
        try:
            response, repeated = yield from _launch_one(setup, request)
        except errors.VoiceError as error:
            had_effect = isinstance(error, errors.LaunchUncertain | errors.LaunchUnreadable)
            rest = prepared.requests[number if had_effect else number - 1 :]
            error.accepted = tuple(responses)
            error.unsent = Prepared(rest) if rest and len(requests) > 1 else None
            if responses:  # a kind that says "nothing happened" speaks of one request
                error.advice = f"{error.advice if error.sent else ''} {_NOT_ALL.format(len(responses))}".lstrip()
            raise
        responses.append(response)
        asked = (
            frozenset(request.message_ids)
            if response.bulk_id in (None, UNSET, "", request.bulk_id)
            else frozenset[str]()
        )
        for entry in response.messages:
            if not (isinstance(entry.message_id, str) and entry.message_id in asked):  # pyright: ignore[reportUnnecessaryIsInstance]
                others.append(entry)
                continue
            ours.append(entry)
            if (sent_before or repeated) and entry.status.name == _DUPLICATE:
                before.add(entry.message_id)
    if others:
        LOG.warning("bulk=%s: %d entries of the answer are of other calls", prepared.bulk_id, len(others))
    listed = {entry.message_id for entry in ours}
    names = prepared.message_ids
    unlisted = tuple(name for name in names if name not in listed)
    return Launch(
        prepared.bulk_id,
        names,
        tuple(responses),
        tuple(ours),
        frozenset(before),
        unlisted,
        tuple(others),
    )


def _launch_one(setup: Setup, request: Request) -> Flow[tuple[VoiceResponse, bool]]:
    exchanged = yield from exchange(setup, request)
    if exchanged.verdict != "answered":
        raise failed(request, exchanged)
    try:
        return VoiceResponse.from_dict(value(exchanged.outcome, "VoiceResponse")), exchanged.repeated
    except NOT_UNDERSTOOD as error:
        reason = f"the answer cannot be understood ({type(error).__name__}: {error})"
        raise failed(request, exchanged, reason) from None


def _request(setup: Setup, model: R, repeat_uncertain: bool) -> Request:
    if isinstance(model, IvrLaunchRequest):
        operation = Operation("ivr.launch", repeat_uncertain)
        schema = "IvrLaunchRequest"
        arguments = launch_outbound_ivr._get_kwargs(body=model)  # pyright: ignore[reportPrivateUsage]
    else:
        operation = Operation("click_to_call.launch", repeat_uncertain)
        schema = "ClickToCallLaunchRequest"
        arguments = launch_click_to_call._get_kwargs(body=model)  # pyright: ignore[reportPrivateUsage]
    if setup.wire_format == "xml":
        from infobip_voice_wire import xml

        refuse_formless(arguments["json"], schema)
        form, body = media_types.XML, xml.encode(arguments["json"], schema)
    else:
        form, body = media_types.JSON, JSON.encode(arguments["json"]).encode()
    names = cast(str, model.bulk_id), tuple(message_ids(model))
    return Request(operation, arguments["method"].upper(), arguments["url"], body, form, *names)
