"""The control plane below `/_mock/`: what a test can do and a client of the platform cannot.

`control.json`, served as `/_mock/openapi.json`, is the source of its operations. `plane` takes a
request through the parts: `admission` keeps strangers out, `operations` finds and checks what is
asked for, and the one handler of the operation acts. Handlers are kept by resource, in
`tenant_handlers`, `call_handlers` and `request_handlers`; `handling` says what each is given, and
`views` writes what they return. The `inspector` shows people the same views on pages, and its forms
call the same handlers.
"""

from infobip_voice_mock.control.plane import Control

__all__ = ["Control"]
