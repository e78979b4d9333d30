"""A stateful double of the three voice operations: a telephone network to test against.

`create_app` returns it as an ASGI application, `infobip-voice mock` and `running_mock` run it as a
process, and `pytest_plugin` offers it as fixtures. It needs the extra `mock`.

`factory` puts its parts together. `application` takes a request through the parts in this order,
and nothing is launched or consumed before it has passed all of them: `routes` finds its operation,
`authentication` its account, `request` negotiates the format of the answer and decodes the body,
`validation` checks the body against the contract, in the words of `sentences`, and `launch_rules`
what no schema can say. Then `service` acts on the tenant of the account. `tenants` keeps for each
account a `clock`, a `store`, `pushes`, `faults` and a `request_log`. `simulation`, `schedule`,
`windows` and `outcomes`, which are pure, say what becomes of a call, and when. `reports` and
`answers` write what goes back, in the words of one of the `editions`. Beside all that stands the
`control` plane.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infobip_voice_mock.factory import create_app
    from infobip_voice_mock.running import running_mock

__all__ = ["create_app", "running_mock"]


def __getattr__(name: str) -> Any:
    # Lazily, because wherever the package is installed, with or without the extra, every pytest run
    # imports `pytest_plugin` and with it this module.
    if name == "create_app":
        from infobip_voice_mock.factory import create_app

        return create_app
    if name == "running_mock":
        from infobip_voice_mock.running import running_mock

        return running_mock
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
