"""What changed between two versions of the contract: breaking, additive or documentation, each with its reason.

`classify` walks both documents together, operation by operation, and knows who sends what: requests, answers, and pushes,
where the roles are turned round. Schemas are compared by `schema_changes`.
"""

from typing import Any, Final

from schema_changes import Change, Direction, Log, Place, Schemas, annotations

__all__ = ["Change", "classify"]

Json = dict[str, Any]
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
KNOWN: Final = {"openapi", "info", "servers", "tags", "paths", "webhooks", "components", "security", "externalDocs"}


def classify(before: Json, after: Json) -> list[Change]:
    """Return every change from one document to the other, the gravest first. The version itself is not one."""
    log = Log()
    contract = _Contract(log, before, after)
    contract.compare()
    changes = log.sorted()
    if not changes and _unversioned(before) != _unversioned(after):
        return [
            Change("documentation", "the document", "rearranged", "nothing that anybody reads or sends changes", "")
        ]
    return changes


def _unversioned(document: Json) -> Json:
    return {**document, "info": {**document.get("info", {}), "version": None}}


class _Contract:
    def __init__(self, log: Log, before: Json, after: Json) -> None:
        self._log = log
        self._before, self._after = before, after
        self._schemas = Schemas(log, before, after)

    def compare(self) -> None:
        before, after = self._before, self._after
        self._document(before, after)
        self._servers(before.get("servers", []), after.get("servers", []))
        for key in ("paths", "webhooks"):
            self._paths(before.get(key, {}), after.get(key, {}), pushed=key == "webhooks")
        self._unused(before.get("components", {}), after.get("components", {}))

    def _document(self, before: Json, after: Json) -> None:
        for key in {**before.get("info", {}), **after.get("info", {})}:
            if key != "version" and before.get("info", {}).get(key) != after.get("info", {}).get(key):
                self._documentation("info", f"`info.{key}` changed", key)
        for key in ("tags", "externalDocs"):
            if before.get(key) != after.get(key):
                self._documentation("the document", f"`{key}` changed", key)
        if before["openapi"].split(".")[:2] != after["openapi"].split(".")[:2]:
            reason = "tools that read the older version of OpenAPI may fail"
            self._breaking("the document", f"`openapi` is now {after['openapi']}", reason, "openapi")
        elif before["openapi"] != after["openapi"]:
            self._documentation("the document", f"`openapi` is now {after['openapi']}", "openapi")
        for key in sorted((before.keys() | after.keys()) - KNOWN):
            if before.get(key) != after.get(key):
                if key.startswith("x-"):
                    self._documentation("the document", f"`{key}` changed", key)
                else:
                    self._breaking("the document", f"`{key}` changed", "its effect is not known here", key)

    def _servers(self, before: list[Json], after: list[Json]) -> None:
        old, new = ({server["url"]: server for server in servers} for servers in (before, after))
        for url in {**old, **new}:
            if url not in new:
                self._breaking("servers", f"`{url}` removed", "clients still call it", url)
            elif url not in old:
                self._additive("servers", f"`{url}` added", "nobody has to use it", url)
            else:
                annotations(self._log, old[url], new[url], f"server {url}", url)
                self._variables(old[url].get("variables", {}), new[url].get("variables", {}), url)

    def _variables(self, before: Json, after: Json, url: str) -> None:
        for name in {**before, **after}:
            place = f"server {url}"
            old, new = before.get(name), after.get(name)
            if old is None or new is None:
                self._breaking(place, f"variable `{name}` added or removed", "the URL is put together otherwise", name)
            else:
                annotations(self._log, old, new, f"{place} variable {name}", name)
                if [old.get(key) for key in ("default", "enum")] != [new.get(key) for key in ("default", "enum")]:
                    self._breaking(place, f"variable `{name}` changed", "the URL is put together otherwise", name)

    def _paths(self, before: Json, after: Json, pushed: bool, inside: str = "") -> None:
        for path in {**before, **after}:
            old, new = self._resolve(before.get(path, {}), 0), self._resolve(after.get(path, {}), 1)
            shared = (
                _reference(before.get(path, {}))
                if _reference(before.get(path, {})) == _reference(after.get(path, {}))
                else ""
            )
            for method in METHODS:
                name = shared or f"{inside}{method.upper()} {path}"
                if method in old and method not in new:
                    reason = "receivers wait for it" if pushed else "a request to it is now refused"
                    self._breaking(name, "operation removed", reason, path)
                elif method in new and method not in old:
                    self._additive(name, "operation added", "nobody relies on it yet", path)
                elif method in new:
                    self._operation(_with_parameters(old, method), _with_parameters(new, method), name, pushed)
            annotations(self._log, old, new, shared or inside + path, path)

    def _operation(self, before: Json, after: Json, place: str, pushed: bool) -> None:
        log, name = self._log, str(after.get("operationId", place))
        annotations(log, before, after, place, name)
        for key, words in (("operationId", "a function"), ("tags", "a module")):
            old, new = ((side.get(key) or [""])[0] if key == "tags" else side.get(key) for side in (before, after))
            if old != new:
                reason = f"generated clients name {words} by it"
                self._breaking(place, f"`{key}` changed from `{old}` to `{new}`", reason, str(new))
        if (before.get("tags") or [])[1:] != (after.get("tags") or [])[1:]:
            self._documentation(place, "further `tags` changed", name)
        if before.get("servers") != after.get("servers"):
            self._breaking(place, "its own `servers` changed", "clients still call the older ones", name)
        self._security(before, after, place, name)
        sent: Direction = "response" if pushed else "request"
        self._parameters(before.get("parameters", []), after.get("parameters", []), place, sent)
        self._request_body(before.get("requestBody"), after.get("requestBody"), place, sent)
        self._responses(before.get("responses", {}), after.get("responses", {}), place, pushed)
        old, new = before.get("callbacks", {}), after.get("callbacks", {})
        for callback in {**old, **new}:
            inside = f"{place} callback {callback}"
            if callback not in new:
                self._breaking(inside, "callback removed", "receivers wait for it", callback)
            elif callback not in old:
                self._additive(inside, "callback added", "it is sent to nobody who did not ask", callback)
            else:
                pushes = self._resolve(old[callback], 0), self._resolve(new[callback], 1)
                self._paths(*pushes, pushed=not pushed, inside=f"{inside} ")

    def _security(self, before: Json, after: Json, place: str, name: str) -> None:
        old, new = (self._alternatives(side, version) for version, side in enumerate((before, after)))
        for alternative in sorted(old.keys() - new.keys()):
            reason = "requests with these credentials alone are now refused"
            self._breaking(place, f"authentication removed: {old[alternative]}", reason, name)
        for alternative in sorted(new.keys() - old.keys()):
            self._additive(place, f"authentication added: {new[alternative]}", "the others go on working", name)

    def _alternatives(self, operation: Json, version: int) -> dict[str, str]:
        """Return the ways to authenticate by what goes over the wire, each with its name; whether any is needed, too."""
        document = (self._before, self._after)[version]
        schemes = document.get("components", {}).get("securitySchemes", {})
        alternatives = operation.get("security", document.get("security", [])) or [{}]
        found = {}
        for alternative in alternatives:
            parts = [
                (sorted((key, str(value)) for key, value in schemes.get(name, {}).items() if not _is_text(key)), scopes)
                for name, scopes in alternative.items()
            ]
            found[str(sorted(parts))] = " with ".join(f"`{name}`" for name in alternative) or "none needed"
        return found

    def _parameters(self, before: list[Any], after: list[Any], place: str, sent: Direction) -> None:
        old, new = self._named(before, 0), self._named(after, 1)
        for key in {**old, **new}:
            name = (new if key in new else old)[key]["name"]
            inner = f"{place} {key[0]} parameter {name}"
            if key not in new:
                self._breaking(inner, "parameter removed", "a request that sends it is refused or ignored", name)
            elif key not in old and new[key].get("required"):
                self._breaking(inner, "required parameter added", "older requests lack it", name)
            elif key not in old:
                self._additive(inner, "optional parameter added", "requests without it stay valid", name)
            else:
                self._field(old[key], new[key], Place(inner, name, sent))

    def _named(self, parameters: list[Any], version: int) -> dict[tuple[str, str], Json]:
        found = {}
        for each in parameters:
            parameter = self._resolve(each, version)
            name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
            found[parameter["in"], name] = parameter
        return found

    def _field(self, before: Json, after: Json, place: Place) -> None:
        """Compare two parameters, or two headers."""
        annotations(self._log, before, after, place.path, place.name)
        was, now = (side.get("required", False) for side in (before, after))
        if was != now:
            breaks = now == (place.direction == "request")
            add = self._breaking if breaks else self._additive
            add(place.path, "now required" if now else "now optional",
                "older requests lack it, or readers rely on it" if breaks else "it asks for less, or promises more",
                place.name)  # fmt: skip
        for key in ("style", "explode", "allowReserved", "allowEmptyValue"):
            if before.get(key) != after.get(key):
                self._breaking(place.path, f"`{key}` changed", "it is written differently", place.name)
        self._schemas.compare(before.get("schema", {}), after.get("schema", {}), place)
        self._content(before.get("content", {}), after.get("content", {}), place)

    def _request_body(self, before: Any, after: Any, place: str, sent: Direction) -> None:
        old, new = self._resolve(before, 0), self._resolve(after, 1)
        inner = f"{place} request body"
        if old is None and new is None:
            return
        if new is None:
            self._breaking(inner, "removed", "what it said is refused or ignored", place)
        elif old is None:
            if new.get("required"):
                self._breaking(inner, "required body added", "older requests lack it", place)
            else:
                self._additive(inner, "optional body added", "requests without it stay valid", place)
        else:
            self._field(old, new, Place(inner, place, sent))

    def _responses(self, before: Json, after: Json, place: str, pushed: bool) -> None:
        answered: Direction = "request" if pushed else "response"
        for status in {**before, **after}:
            inner = f"{place} {status}"
            if status not in after:
                self._breaking(inner, "answer removed", "clients that act on it have lost its promise", status)
            elif status in before:
                references = _reference(before[status]), _reference(after[status])
                if references[0] and references[0] == references[1]:
                    inner = references[0]
                self._response(self._resolve(before[status], 0), self._resolve(after[status], 1), inner, answered)
            elif status[0] in "45d" or "default" in before or f"{status[0]}XX" in before:
                self._additive(inner, "answer added", "clients have to expect statuses that they do not know", status)
            else:
                self._breaking(inner, "answer added", "clients take any other status for a failure", status)

    def _response(self, before: Json, after: Json, place: str, answered: Direction) -> None:
        name = place.rpartition(" ")[2]
        annotations(self._log, before, after, place, name)
        old, new = before.get("headers", {}), after.get("headers", {})
        for header in {**old, **new}:
            inner = f"{place} header {header}"
            if header not in new:
                self._breaking(inner, "header removed", "clients read it", header)
            elif header not in old:
                self._additive(inner, "header added", "clients ignore headers that they do not know", header)
            else:
                fields = self._resolve(old[header], 0), self._resolve(new[header], 1)
                self._field(*fields, Place(inner, header, answered))
        self._content(before.get("content", {}), after.get("content", {}), Place(place, name, answered))
        self._links(before.get("links", {}), after.get("links", {}), place)

    def _links(self, before: Json, after: Json, place: str) -> None:
        for link in {**before, **after}:
            inner = f"{place} link {link}"
            old, new = self._resolve(before.get(link), 0), self._resolve(after.get(link), 1)
            if new is None:
                self._breaking(inner, "link removed", "clients follow it", link)
            elif old is None:
                self._additive(inner, "link added", "nobody has to follow it", link)
            else:
                annotations(self._log, old, new, inner, link)
                if _substance(old) != _substance(new):
                    self._breaking(inner, "link changed", "it leads somewhere else", link)

    def _content(self, before: Json, after: Json, place: Place) -> None:
        for kind in {**before, **after}:
            if kind not in after:
                reason = "it can no longer be sent" if place.direction == "request" else "it can no longer be asked for"
                self._breaking(place.path, f"media type `{kind}` removed", reason, kind)
            elif kind not in before:
                self._additive(place.path, f"media type `{kind}` added", "the others go on working", kind)
            else:
                annotations(self._log, before[kind], after[kind], f"{place.path} {kind}", place.name)
                if before[kind].get("encoding") != after[kind].get("encoding"):
                    self._breaking(place.path, f"`encoding` of `{kind}` changed", "it is written differently", kind)
                old, new = before[kind].get("schema", {}), after[kind].get("schema", {})
                inner = Place(f"{place.path} {kind}", place.name, place.direction)
                if kind.partition(";")[0].endswith("xml") and self._schemas.root(old, 0) != self._schemas.root(new, 1):
                    what = (
                        f"in XML the root is `{self._schemas.root(new, 1)}`, no longer `{self._schemas.root(old, 0)}`"
                    )
                    self._breaking(place.path, what, "XML that was read before is not understood any more", place.name)
                self._schemas.compare(old, new, inner)

    def _unused(self, before: Json, after: Json) -> None:
        """Name components that came, went or changed without a trace above: nothing on the wire uses them."""
        for kind in {**before, **after}:
            old, new = before.get(kind, {}), after.get(kind, {})
            for name in {**old, **new}:
                if name not in old or name not in new:
                    word = "added" if name not in old else "removed"
                    self._documentation(f"components/{kind}", f"`{name}` {word}", name)
                elif kind == "securitySchemes":
                    annotations(self._log, old[name], new[name], f"security scheme {name}", name)

    def _resolve(self, node: Any, version: int) -> Any:
        return self._schemas.resolve(node, version)

    def _breaking(self, place: str, what: str, reason: str, name: str) -> None:
        self._log.add("breaking", place, what, reason, name)

    def _additive(self, place: str, what: str, reason: str, name: str) -> None:
        self._log.add("additive", place, what, reason, name)

    def _documentation(self, place: str, what: str, name: str) -> None:
        self._log.add("documentation", place, what, "no document on the wire changes", name)


def _with_parameters(item: Json, method: str) -> Json:
    """Return an operation with the parameters that its path gives it."""
    operation = item[method]
    return {**operation, "parameters": [*item.get("parameters", []), *operation.get("parameters", [])]}


def _reference(node: Json) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]


def _is_text(key: str) -> bool:
    return key == "description" or key.startswith("x-")


def _substance(node: Json) -> Json:
    return {key: value for key, value in node.items() if not _is_text(key)}
