"""A stateful double of the three voice operations, to test against: a telephone network in a process.

`create_app` gives it as an ASGI application, `infobip-voice mock` as a process, `pytest_plugin` as fixtures. It needs the extra
`mock`.

A request passes through the parts in this order, and nothing is launched or consumed before all of them have passed:
`authentication` → negotiation and decoding (`request`) → `validation` → `service`, which works on one of the `tenants`. Each
has a `clock`, a `store`, `pushes`, `faults` and a `request_log`; what a call does, and when, is told by `simulation`, `schedule`
and `outcomes`, which are pure. `answers` writes what goes back. Beside it stand the `control` plane and its `inspector` pages.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infobip_voice_mock.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    # Every pytest run of everybody who installs this package imports `pytest_plugin`, with or without the extra.
    if name == "create_app":
        from infobip_voice_mock.application import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
