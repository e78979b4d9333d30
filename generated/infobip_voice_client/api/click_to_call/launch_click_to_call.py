from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.api_exception import ApiException
from ...models.click_to_call_launch_request import ClickToCallLaunchRequest
from ...models.voice_response import VoiceResponse
from ...types import Response


def _get_kwargs(
    *,
    body: ClickToCallLaunchRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/voice/ctc/1/send",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ApiException | VoiceResponse:
    if response.status_code == 200:
        response_200 = VoiceResponse.from_dict(response.json())

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

    if response.status_code == 413:
        response_413 = ApiException.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ApiException.from_dict(response.json())

        return response_415

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
) -> Response[ApiException | VoiceResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ClickToCallLaunchRequest,
) -> Response[ApiException | VoiceResponse]:
    """Launch a click to call

     **This dials telephones**: for each message first A, then, once A has answered, B. Each call
    is charged.

    Not idempotent. If the answer is lost, the calls may be under way: do not send the request
    again unless every message carries a `messageId`, so that a second attempt at the same call
    can be told from the first.

    Which number each party sees:

    | `fromB` | `anonymization` | A sees | B sees |
    |---|---|---|---|
    | set | ignored | `from` | `fromB` |
    | not set | `true` | `from` | `from` |
    | not set | `false` | `from` | `destinationA` |

    A request is accepted or refused as a whole (any 4xx has no effect). Within an accepted
    request a single message may still be rejected: its entry then has a status of group 5,
    nothing is dialled for it and it gets no report.

    Args:
        body (ClickToCallLaunchRequest): A request to launch one or more clicks to call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApiException | VoiceResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: ClickToCallLaunchRequest,
) -> ApiException | VoiceResponse | None:
    """Launch a click to call

     **This dials telephones**: for each message first A, then, once A has answered, B. Each call
    is charged.

    Not idempotent. If the answer is lost, the calls may be under way: do not send the request
    again unless every message carries a `messageId`, so that a second attempt at the same call
    can be told from the first.

    Which number each party sees:

    | `fromB` | `anonymization` | A sees | B sees |
    |---|---|---|---|
    | set | ignored | `from` | `fromB` |
    | not set | `true` | `from` | `from` |
    | not set | `false` | `from` | `destinationA` |

    A request is accepted or refused as a whole (any 4xx has no effect). Within an accepted
    request a single message may still be rejected: its entry then has a status of group 5,
    nothing is dialled for it and it gets no report.

    Args:
        body (ClickToCallLaunchRequest): A request to launch one or more clicks to call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApiException | VoiceResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ClickToCallLaunchRequest,
) -> Response[ApiException | VoiceResponse]:
    """Launch a click to call

     **This dials telephones**: for each message first A, then, once A has answered, B. Each call
    is charged.

    Not idempotent. If the answer is lost, the calls may be under way: do not send the request
    again unless every message carries a `messageId`, so that a second attempt at the same call
    can be told from the first.

    Which number each party sees:

    | `fromB` | `anonymization` | A sees | B sees |
    |---|---|---|---|
    | set | ignored | `from` | `fromB` |
    | not set | `true` | `from` | `from` |
    | not set | `false` | `from` | `destinationA` |

    A request is accepted or refused as a whole (any 4xx has no effect). Within an accepted
    request a single message may still be rejected: its entry then has a status of group 5,
    nothing is dialled for it and it gets no report.

    Args:
        body (ClickToCallLaunchRequest): A request to launch one or more clicks to call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ApiException | VoiceResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ClickToCallLaunchRequest,
) -> ApiException | VoiceResponse | None:
    """Launch a click to call

     **This dials telephones**: for each message first A, then, once A has answered, B. Each call
    is charged.

    Not idempotent. If the answer is lost, the calls may be under way: do not send the request
    again unless every message carries a `messageId`, so that a second attempt at the same call
    can be told from the first.

    Which number each party sees:

    | `fromB` | `anonymization` | A sees | B sees |
    |---|---|---|---|
    | set | ignored | `from` | `fromB` |
    | not set | `true` | `from` | `from` |
    | not set | `false` | `from` | `destinationA` |

    A request is accepted or refused as a whole (any 4xx has no effect). Within an accepted
    request a single message may still be rejected: its entry then has a status of group 5,
    nothing is dialled for it and it gets no report.

    Args:
        body (ClickToCallLaunchRequest): A request to launch one or more clicks to call.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ApiException | VoiceResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
