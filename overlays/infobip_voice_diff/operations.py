"""Compare operations: which there are, their names, and who may call them.

A client sends a request and reads its answer. In a callback or webhook the platform is the client,
so what is sent there is judged like an answer, and what is answered like a request.
"""

import json
from typing import Any, Final

from infobip_voice_diff.changes import Direction, Log, Place, Verdict
from infobip_voice_diff.messages import Messages
from infobip_voice_diff.references import Pair, resolve, shared_reference, substance

__all__ = ["Operations"]

Json = dict[str, Any]
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Operations:
    """Compares the operations of two documents."""

    def __init__(self, log: Log, pair: Pair) -> None:
        self._log, self._pair = log, pair
        self._messages = Messages(log, pair)

    def compare(self, before: Json, after: Json, pushed: bool, inside: str = "", callback: str = "") -> None:
        """Log the changes of all operations; `pushed` means that the platform is the client.

        A changelog names an operation by its id, and one of a callback by the callback.
        """
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
                    self._operation(
                        _with_parameters(old, method), _with_parameters(new, method), name, pushed, callback
                    )
            self._log.annotations(old, new, shared or inside + path, path)

    def _operation(self, before: Json, after: Json, place: str, pushed: bool, callback: str) -> None:
        name = str(after.get("operationId", callback or place))
        self._log.annotations(before, after, place, name)
        self._names(before, after, place, pushed)
        if before.get("servers") != after.get("servers"):
            self._log.breaking(place, "its own `servers` changed", "clients still call the older ones", name)
        self._security(before, after, place, name, pushed)
        sent: Direction = "response" if pushed else "request"
        answered: Direction = "request" if pushed else "response"
        parameters = before.get("parameters", []), after.get("parameters", [])
        self._messages.parameters(*parameters, Place(place, name, sent))
        self._messages.request_body(before.get("requestBody"), after.get("requestBody"), place, sent, callback or place)
        self._messages.responses(before.get("responses", {}), after.get("responses", {}), place, answered)
        self._callbacks(before.get("callbacks", {}), after.get("callbacks", {}), place, pushed)

    def _names(self, before: Json, after: Json, place: str, pushed: bool) -> None:
        """Compare the names that generated clients take; what is pushed has none there."""
        ids = [side.get("operationId") for side in (before, after)]
        tags = [side.get("tags") or [""] for side in (before, after)]
        name = str(ids[1] or ids[0] or place)
        for key, word, old, new in (("operationId", "a function", *ids), ("tags", "a module", tags[0][0], tags[1][0])):
            what = f"`{key}` changed from `{old}` to `{new}`"
            if old != new and pushed:
                self._log.documentation(place, what, name)
            elif old != new:
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
                self.compare(*pushes, pushed=not pushed, inside=f"{inside} ", callback=callback)

    def _security(self, before: Json, after: Json, place: str, name: str, pushed: bool) -> None:
        """Compare the ways to authenticate; one passes that holds all that another asks for."""
        old, new = _ways(before, self._pair.before), _ways(after, self._pair.after)
        lost = [label for way, label in old.items() if not any(asked <= way for asked in new)]
        won = [label for way, label in new.items() if not any(asked <= way for asked in old)]
        if pushed:  # here the platform authenticates, and a receiver may rely on it
            if old != new:
                label = " or ".join(new.values())
                verdict: Verdict = "additive" if all(any(was <= way for was in old) for way in new) else "breaking"
                self._log.add(verdict, place, f"authentication is now {label}", "receivers may rely on it", name)
            return
        for label in lost:
            reason = "requests with these credentials alone are now refused"
            self._log.breaking(place, f"authentication removed: {label}", reason, name)
        for label in won:
            self._log.additive(place, f"authentication added: {label}", "the others go on working", name)


def _ways(operation: Json, document: Json) -> dict[frozenset[str], str]:
    """Return the ways to authenticate: all that goes over the wire for each, and its name."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    found: dict[frozenset[str], str] = {}
    ways: list[Json] = operation.get("security", document.get("security", [])) or [{}]
    for way in ways:
        parts = {
            json.dumps([substance(resolve(document, schemes.get(name, {}))), sorted(scopes)], sort_keys=True)
            for name, scopes in way.items()
        }
        found[frozenset(parts)] = " with ".join(f"`{name}`" for name in way) or "none needed"
    return found


def _with_parameters(item: Json, method: str) -> Json:
    """Return an operation together with the parameters of its path."""
    operation = item[method]
    return {**operation, "parameters": [*item.get("parameters", []), *operation.get("parameters", [])]}
