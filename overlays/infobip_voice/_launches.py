"""Launches: sending what was prepared, and reading the answers."""

from typing import Final, TypeVar, cast

from attrs import frozen

from infobip_voice import errors
from infobip_voice._answers import NOT_UNDERSTOOD, failed, value
from infobip_voice._exchange import Flow, Setup, exchange
from infobip_voice._messages import Operation, Request
from infobip_voice._prepared import JSON, Prepared, message_ids
from infobip_voice_client import models
from infobip_voice_client.api.click_to_call import launch_click_to_call
from infobip_voice_client.api.ivr import launch_outbound_ivr
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest, VoiceResponse
from infobip_voice_wire import media_types

__all__ = ["Launch", "launch"]

_DUPLICATE: Final = "REJECTED_DUPLICATE_MESSAGE_ID"

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)


@frozen(repr=False)
class Launch:
    """What became of a launch.

    Attributes:
        bulk_id: the name of the request.
        responses: the answers as generated models, one for each request that was needed.
        went_through_before: message ids that a repeated request found in use: the first try had gone through.
        unlisted: message ids that no answer has an entry for. Their calls may be made all the same.
    """

    bulk_id: str
    responses: tuple[VoiceResponse, ...]
    went_through_before: frozenset[str] = frozenset()
    unlisted: tuple[str, ...] = ()

    @property
    def messages(self) -> list[models.VoiceResponseDetails]:
        """Return the entry of every call, in order."""
        return [entry for response in self.responses for entry in response.messages]

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
        VoiceError: of the request that failed; those after it are not sent and are in its `unsent`.
    """
    responses: list[VoiceResponse] = []
    before: set[str] = set()
    for number, model in enumerate(prepared.requests, 1):
        try:
            response, repeated = yield from _launch_one(setup, _request(setup, model, repeat_uncertain))
        except errors.VoiceError as error:
            error.accepted = tuple(responses)
            error.unsent = Prepared(prepared.requests[number:]) if prepared.requests[number:] else None
            raise
        responses.append(response)
        if sent_before or repeated:
            before |= {entry.message_id for entry in response.messages if entry.status.name == _DUPLICATE}
    listed = {entry.message_id for response in responses for entry in response.messages}
    unlisted = tuple(name for name in prepared.message_ids if name not in listed)
    return Launch(prepared.bulk_id, tuple(responses), frozenset(before), unlisted)


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
        name, arguments = "ivr.launch", launch_outbound_ivr._get_kwargs(body=model)  # pyright: ignore[reportPrivateUsage]
    else:
        name, arguments = "click_to_call.launch", launch_click_to_call._get_kwargs(body=model)  # pyright: ignore[reportPrivateUsage]
    if setup.wire_format == "xml":
        from infobip_voice_wire import xml

        form, body = media_types.XML, xml.encode(arguments["json"], type(model).__name__)
    else:
        form, body = media_types.JSON, JSON.encode(arguments["json"]).encode()
    operation = Operation(name, repeat_uncertain)
    names = cast(str, model.bulk_id), tuple(message_ids(model))
    return Request(operation, arguments["method"].upper(), arguments["url"], body, form, *names)
