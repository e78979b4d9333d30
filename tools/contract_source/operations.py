"""Write what the contract says of each operation's danger as plain literals."""

import pprint
from typing import Any

from contract_source.xml_plan import HEADER

__all__ = ["operations_module"]


def operations_module(paths: dict[str, Any]) -> str:
    """Return the source of `operations.py`; what is not said of an operation is the safe answer."""
    operations = {
        operation["operationId"]: {
            "method": method.upper(),
            "path": path,
            "idempotent": operation.get("x-idempotent", False),
            "consumes_on_read": operation.get("x-consumes-on-read", False),
        }
        for path, item in paths.items()
        for method, operation in item.items()
    }
    return f'''{HEADER}"""How each operation is requested, and what sending it again does."""

from typing import Final, TypedDict

__all__ = ["OPERATIONS", "Operation"]


class Operation(TypedDict):
    """What the contract says of an operation.

    Members:
        method: the HTTP method.
        path: the path, without a query.
        idempotent: sending it twice has the effect of sending it once (`x-idempotent`).
        consumes_on_read: what an answer carries is handed out once (`x-consumes-on-read`).
    """

    method: str
    path: str
    idempotent: bool
    consumes_on_read: bool


OPERATIONS: Final[dict[str, Operation]] = {pprint.pformat(operations, width=118, sort_dicts=False)}
'''
