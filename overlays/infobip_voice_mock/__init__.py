"""A stateful double of the three voice operations, to test against.

`create_app` gives it as an ASGI application, `infobip-voice mock` as a process. It needs the extra `mock`.

A request passes through the parts in this order, and nothing is launched or consumed before all of them have passed:
`authentication` → negotiation and decoding (`application`) → `validation` → `service`, which uses `outcomes`, `simulation`
and `store`. `answers` writes what comes back.
"""

from infobip_voice_mock.application import create_app

__all__ = ["create_app"]
