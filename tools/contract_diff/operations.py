"""Compare operations: which there are, their names, and who may call them.

A client sends a request and reads its answer. In a callback or webhook the platform is the client,
so what is sent there is judged like an answer, and what is answered like a request.
"""

from typing import Any, Final

from contract_diff.changes import Direction, Log
from contract_diff.messages import Messages
from contract_diff.pair import Pair, shared_reference, substance

__all__ = ["Operations"]

Json = dict[str, Any]
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Operations:
    """Compares the operations of two documents."""

    def __init__(self, log: Log, pair: Pair) -> None:
        self._log, self._pair = log, pair
        self._messages = Messages(log, pair)

    def compare(self, before: Json, after: Json, pushed: bool, inside: str = "") -> None:
        """Log the changes of all operations; `pushed` means that the platform is the client."""
        for path in {**before, **after}:
            sides = before.get(path, {}), after.get(path, {})
            shared = shared_reference(*sides)
            old, new = self._pair.resolved(*sides)
            for method in METHODS:
                name = shared or f"{inside}{method.upper()} {path}"
                if method in old and method not in new:
                    reason = "receivers wait for it" if pushed else "a request to it is now refused"
                    self._log.breaking(name, "operation removed", reason, path)
                elif method in new and method not in old:
                    self._log.additive(name, "operation added", "nobody relies on it yet", path)
                elif method in new:
                    self._operation(_with_parameters(old, method), _with_parameters(new, method), name, pushed)
            self._log.annotations(old, new, shared or inside + path, path)

    def _operation(self, before: Json, after: Json, place: str, pushed: bool) -> None:
        name = str(after.get("operationId", place))
        self._log.annotations(before, after, place, name)
        self._names(before, after, place, name)
        if before.get("servers") != after.get("servers"):
            self._log.breaking(place, "its own `servers` changed", "clients still call the older ones", name)
        self._security(before, after, place, name)
        sent: Direction = "response" if pushed else "request"
        answered: Direction = "request" if pushed else "response"
        self._messages.parameters(before.get("parameters", []), after.get("parameters", []), place, sent)
        self._messages.request_body(before.get("requestBody"), after.get("requestBody"), place, sent)
        self._messages.responses(before.get("responses", {}), after.get("responses", {}), place, answered)
        self._callbacks(before.get("callbacks", {}), after.get("callbacks", {}), place, pushed)

    def _names(self, before: Json, after: Json, place: str, name: str) -> None:
        tags = [side.get("tags") or [""] for side in (before, after)]
        ids = [side.get("operationId") for side in (before, after)]
        for key, word, (old, new) in (
            ("operationId", "a function", ids),
            ("tags", "a module", [tag[0] for tag in tags]),
        ):
            if old != new:
                what = f"`{key}` changed from `{old}` to `{new}`"
                self._log.breaking(place, what, f"generated clients name {word} by it", str(new))
        if tags[0][1:] != tags[1][1:]:
            self._log.documentation(place, "further `tags` changed", name)

    def _callbacks(self, before: Json, after: Json, place: str, pushed: bool) -> None:
        for callback in {**before, **after}:
            inside = f"{place} callback {callback}"
            if callback not in after:
                self._log.breaking(inside, "callback removed", "receivers wait for it", callback)
            elif callback not in before:
                self._log.additive(inside, "callback added", "it is sent to nobody who did not ask", callback)
            else:
                pushes = self._pair.resolved(before[callback], after[callback])
                self.compare(*pushes, pushed=not pushed, inside=f"{inside} ")

    def _security(self, before: Json, after: Json, place: str, name: str) -> None:
        old, new = _alternatives(before, self._pair.before), _alternatives(after, self._pair.after)
        for alternative in sorted(old.keys() - new.keys()):
            reason = "requests with these credentials alone are now refused"
            self._log.breaking(place, f"authentication removed: {old[alternative]}", reason, name)
        for alternative in sorted(new.keys() - old.keys()):
            self._log.additive(place, f"authentication added: {new[alternative]}", "the others go on working", name)


def _alternatives(operation: Json, document: Json) -> dict[str, str]:
    """Return the ways to authenticate: what goes over the wire, with the name for people."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    alternatives = operation.get("security", document.get("security", [])) or [{}]
    found = {}
    for alternative in alternatives:
        parts = [
            (sorted((key, str(value)) for key, value in substance(schemes.get(name, {})).items()), scopes)
            for name, scopes in alternative.items()
        ]
        found[str(sorted(parts))] = " with ".join(f"`{name}`" for name in alternative) or "none needed"
    return found


def _with_parameters(item: Json, method: str) -> Json:
    """Return an operation together with the parameters of its path."""
    operation = item[method]
    return {**operation, "parameters": [*item.get("parameters", []), *operation.get("parameters", [])]}
