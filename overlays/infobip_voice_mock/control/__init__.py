"""The control plane below `/_mock/`: what a test does with a mock that a client of the platform cannot.

A request passes `admission`, which keeps strangers out; then `plane` finds its operation in the
`document`, `control.json`, which is served as `/_mock/openapi.json`, checks the request against it,
and calls the operation's one handler. The handlers stand by resource in `tenant_handlers`,
`call_handlers` and `request_handlers`. What they answer is written by `views`. The `inspector`
shows people the same views as pages and sends its forms to the same handlers.
"""

from infobip_voice_mock.control.plane import Control

__all__ = ["Control"]
