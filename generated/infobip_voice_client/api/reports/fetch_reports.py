from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.api_exception import ApiException
from ...models.voice_report_response import VoiceReportResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    bulk_id: str | Unset = UNSET,
    message_id: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["bulkId"] = bulk_id

    params["messageId"] = message_id

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/tts/3/reports",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ApiException | VoiceReportResponse:
    if response.status_code == 200:
        response_200 = VoiceReportResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ApiException.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ApiException.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ApiException.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ApiException.from_dict(response.json())

        return response_404

    if response.status_code == 405:
        response_405 = ApiException.from_dict(response.json())

        return response_405

    if response.status_code == 406:
        response_406 = ApiException.from_dict(response.json())

        return response_406

    if response.status_code == 429:
        response_429 = ApiException.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ApiException.from_dict(response.json())

        return response_500

    response_default = ApiException.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ApiException | VoiceReportResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    bulk_id: str | Unset = UNSET,
    message_id: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ApiException | VoiceReportResponse]:
    """Fetch delivery reports, once

     **Reading consumes.** Each report is returned by one answer and by no later one. If the
    answer is lost, so are its reports, and repeating the request returns *other* reports. Store
    an answer before acting on it, and keep `limit` as small as the loss you can bear.

    The filters are applied first; then the oldest `limit` of what matches is returned, and only
    those are consumed. With 120 reports waiting, four requests without `limit` return 50, 50,
    20 and 0. Once every matching report has been returned the answer is 200 with an empty
    collection, never 404. A refused request (any 4xx) consumes nothing.

    This is a GET, but not a safe one: keep it away from prefetching, from caches and from
    automatic retries. A body or a `Content-Type` on it is ignored.

    The vendor has called this path deprecated since 2020, in favour of `/voice/1/reports`, and
    still serves it. `/tts/3/logs`, outside this document, lists the messages of the last 48
    hours and can be repeated: the place to look after a report was lost.

    Args:
        bulk_id (str | Unset):
        message_id (str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApiException | VoiceReportResponse]
    """

    kwargs = _get_kwargs(
        bulk_id=bulk_id,
        message_id=message_id,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    bulk_id: str | Unset = UNSET,
    message_id: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> ApiException | VoiceReportResponse | None:
    """Fetch delivery reports, once

     **Reading consumes.** Each report is returned by one answer and by no later one. If the
    answer is lost, so are its reports, and repeating the request returns *other* reports. Store
    an answer before acting on it, and keep `limit` as small as the loss you can bear.

    The filters are applied first; then the oldest `limit` of what matches is returned, and only
    those are consumed. With 120 reports waiting, four requests without `limit` return 50, 50,
    20 and 0. Once every matching report has been returned the answer is 200 with an empty
    collection, never 404. A refused request (any 4xx) consumes nothing.

    This is a GET, but not a safe one: keep it away from prefetching, from caches and from
    automatic retries. A body or a `Content-Type` on it is ignored.

    The vendor has called this path deprecated since 2020, in favour of `/voice/1/reports`, and
    still serves it. `/tts/3/logs`, outside this document, lists the messages of the last 48
    hours and can be repeated: the place to look after a report was lost.

    Args:
        bulk_id (str | Unset):
        message_id (str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApiException | VoiceReportResponse
    """

    return sync_detailed(
        client=client,
        bulk_id=bulk_id,
        message_id=message_id,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    bulk_id: str | Unset = UNSET,
    message_id: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[ApiException | VoiceReportResponse]:
    """Fetch delivery reports, once

     **Reading consumes.** Each report is returned by one answer and by no later one. If the
    answer is lost, so are its reports, and repeating the request returns *other* reports. Store
    an answer before acting on it, and keep `limit` as small as the loss you can bear.

    The filters are applied first; then the oldest `limit` of what matches is returned, and only
    those are consumed. With 120 reports waiting, four requests without `limit` return 50, 50,
    20 and 0. Once every matching report has been returned the answer is 200 with an empty
    collection, never 404. A refused request (any 4xx) consumes nothing.

    This is a GET, but not a safe one: keep it away from prefetching, from caches and from
    automatic retries. A body or a `Content-Type` on it is ignored.

    The vendor has called this path deprecated since 2020, in favour of `/voice/1/reports`, and
    still serves it. `/tts/3/logs`, outside this document, lists the messages of the last 48
    hours and can be repeated: the place to look after a report was lost.

    Args:
        bulk_id (str | Unset):
        message_id (str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApiException | VoiceReportResponse]
    """

    kwargs = _get_kwargs(
        bulk_id=bulk_id,
        message_id=message_id,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    bulk_id: str | Unset = UNSET,
    message_id: str | Unset = UNSET,
    limit: int | Unset = 50,
) -> ApiException | VoiceReportResponse | None:
    """Fetch delivery reports, once

     **Reading consumes.** Each report is returned by one answer and by no later one. If the
    answer is lost, so are its reports, and repeating the request returns *other* reports. Store
    an answer before acting on it, and keep `limit` as small as the loss you can bear.

    The filters are applied first; then the oldest `limit` of what matches is returned, and only
    those are consumed. With 120 reports waiting, four requests without `limit` return 50, 50,
    20 and 0. Once every matching report has been returned the answer is 200 with an empty
    collection, never 404. A refused request (any 4xx) consumes nothing.

    This is a GET, but not a safe one: keep it away from prefetching, from caches and from
    automatic retries. A body or a `Content-Type` on it is ignored.

    The vendor has called this path deprecated since 2020, in favour of `/voice/1/reports`, and
    still serves it. `/tts/3/logs`, outside this document, lists the messages of the last 48
    hours and can be repeated: the place to look after a report was lost.

    Args:
        bulk_id (str | Unset):
        message_id (str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApiException | VoiceReportResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            bulk_id=bulk_id,
            message_id=message_id,
            limit=limit,
        )
    ).parsed
