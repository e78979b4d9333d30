"""Compare what an operation sends and answers: parameters, bodies, statuses, headers, links."""

from typing import Any

from infobip_voice_diff.changes import Direction, Log, Place
from infobip_voice_diff.positions import REASON, displaces, exchanged
from infobip_voice_diff.references import Pair, named, resolve, shared_reference, substance
from infobip_voice_diff.schemas import Schemas
from infobip_voice_diff.shapes import shape

__all__ = ["Messages"]

Json = dict[str, Any]


class Messages:
    """Compares the requests and the answers of two versions of an operation."""

    def __init__(self, log: Log, pair: Pair) -> None:
        self._log, self._pair = log, pair
        self._schemas = Schemas(log, pair)

    def parameters(self, before: list[Any], after: list[Any], place: Place) -> None:
        """Log the changes of the parameters."""
        old, new = _by_name(before, self._pair.before), _by_name(after, self._pair.after)
        if exchanged(old, new) is not None:
            self._log.breaking(place.path, "parameters change places", REASON, place.name)
        for key in {**old, **new}:
            name = (new if key in new else old)[key]["name"]
            inner = f"{place.path} {key[0]} parameter {name}"
            if key not in new:
                self._log.breaking(inner, "parameter removed", "a request that sends it is refused or ignored", name)
            elif key not in old and new[key].get("required"):
                self._log.breaking(inner, "required parameter added", "older requests lack it", name)
            elif key not in old and displaces(old, new, key):
                self._log.breaking(inner, "parameter added before others, and not as the last", REASON, name)
            elif key not in old:
                self._log.additive(inner, "optional parameter added", "requests without it stay valid", name)
            else:
                old[key], new[key] = ({**_style(side[key]), **side[key]} for side in (old, new))
                self._field(old[key], new[key], Place(inner, name, place.direction))

    def request_body(self, before: Any, after: Any, place: str, sent: Direction, name: str) -> None:
        """Log the changes of the request body; either may be None."""
        old, new = self._pair.resolved(before, after)
        inner = f"{place} request body"
        if old is None and new is None:
            return
        if new is None:
            self._log.breaking(inner, "removed", "what it said is refused or ignored", name)
        elif old is not None:
            self._field(old, new, Place(inner, name, sent))
        elif new.get("required"):
            self._log.breaking(inner, "required body added", "older requests lack it", name)
        else:
            self._log.additive(inner, "optional body added", "requests without it stay valid", name)

    def responses(self, before: Json, after: Json, place: str, answered: Direction) -> None:
        """Log the changes of the answers, which are given by status."""
        for status in {**before, **after}:
            inner = f"{place} {status}"
            if status not in after:
                reason = (
                    "a receiver that answers so is not understood" if answered == "request" else "clients act on it"
                )
                self._log.breaking(inner, "answer removed", reason, status)
            elif status in before:
                inner = shared_reference(before[status], after[status]) or inner
                self._response(*self._pair.resolved(before[status], after[status]), inner, answered)
            elif answered == "request":
                self._log.additive(inner, "answer added", "receivers may go on answering as before", status)
            elif status[0] in "45d" or "default" in before or f"{status[0]}XX" in before:
                reason = "clients have to expect statuses that they do not know"
                self._log.additive(inner, "answer added", reason, status)
            else:
                self._log.breaking(inner, "answer added", "clients take any other status for a failure", status)

    def _response(self, before: Json, after: Json, place: str, answered: Direction) -> None:
        name = place.rpartition(" ")[2]
        self._log.annotations(before, after, place, name)
        self._headers(before.get("headers", {}), after.get("headers", {}), place, answered)
        self._content(before.get("content", {}), after.get("content", {}), Place(place, name, answered))
        self._links(before.get("links", {}), after.get("links", {}), place)

    def _headers(self, before: Json, after: Json, place: str, answered: Direction) -> None:
        names = {header.lower(): header for header in (*before, *after)}
        old, new = ({header.lower(): value for header, value in side.items()} for side in (before, after))
        for key, header in names.items():
            inner = f"{place} header {header}"
            if key not in new:
                self._log.breaking(inner, "header removed", "clients read it", header)
            elif key not in old:
                self._log.additive(inner, "header added", "clients ignore headers that they do not know", header)
            else:
                sides = [{**_style({"in": "header"}), **side} for side in self._pair.resolved(old[key], new[key])]
                self._field(sides[0], sides[1], Place(inner, header, answered))

    def _links(self, before: Json, after: Json, place: str) -> None:
        for link in {**before, **after}:
            inner = f"{place} link {link}"
            old, new = self._pair.resolved(before.get(link), after.get(link))
            if new is None:
                self._log.breaking(inner, "link removed", "clients follow it", link)
            elif old is None:
                self._log.additive(inner, "link added", "nobody has to follow it", link)
            else:
                self._log.annotations(old, new, inner, link)
                if substance(old) != substance(new):
                    self._log.breaking(inner, "link changed", "it leads somewhere else", link)

    def _field(self, before: Json, after: Json, place: Place) -> None:
        """Compare two parameters, two headers or two request bodies."""
        self._log.annotations(before, after, place.path, place.name)
        was, now = (side.get("required", False) for side in (before, after))
        if was != now:
            what = "now required" if now else "now optional"
            if now == (place.direction == "request"):
                self._log.breaking(place.path, what, "older requests lack it, or readers rely on it", place.name)
            else:
                self._log.additive(place.path, what, "it asks for less, or promises more", place.name)
        for key in ("style", "explode", "allowReserved", "allowEmptyValue"):
            if before.get(key) != after.get(key):
                self._log.breaking(place.path, f"`{key}` changed", "it is written differently", place.name)
        self._schemas.compare(before.get("schema", {}), after.get("schema", {}), place)
        self._content(before.get("content", {}), after.get("content", {}), place)

    def _content(self, before: Json, after: Json, place: Place) -> None:
        for kind in {**before, **after}:
            if kind not in after:
                reason = "it can no longer be sent" if place.direction == "request" else "it can no longer be asked for"
                self._log.breaking(place.path, f"media type `{kind}` removed", reason, kind)
            elif kind not in before:
                self._log.additive(place.path, f"media type `{kind}` added", "the others go on working", kind)
            else:
                self._media_type(before[kind], after[kind], kind, place)

    def _media_type(self, before: Json, after: Json, kind: str, place: Place) -> None:
        self._log.annotations(before, after, f"{place.path} {kind}", place.name)
        if before.get("encoding") != after.get("encoding"):
            self._log.breaking(place.path, f"`encoding` of `{kind}` changed", "it is written differently", kind)
        schemas = before.get("schema", {}), after.get("schema", {})
        if kind.partition(";")[0].endswith("xml"):
            old, new = (_roots(document, schema) for document, schema in zip(self._pair, schemas, strict=True))
            if old != new:
                what = f"in XML the root is {' or '.join(sorted(new))}, no longer {' or '.join(sorted(old))}"
                self._log.breaking(place.path, what, "XML that was read before is not understood any more", place.name)
        self._schemas.compare(*schemas, place.inside(f" {kind}"))


def _roots(document: Json, schema: Any) -> set[str]:
    """Return the names of the root element in XML, which each branch of a union may have."""
    name = shape(document, schema).notes.get("xml", {}).get("name") or named(schema)[0].rpartition("/")[2]
    if not name:
        branches = [branch for key in ("anyOf", "oneOf") for branch in resolve(document, schema).get(key, ())]
        return {root for branch in branches for root in _roots(document, branch)}
    return {f"`{name}`"}


def _style(parameter: Json) -> Json:
    """Return how a parameter or header is written if it does not say so."""
    style = parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple")
    return {"style": style, "explode": style == "form", "allowReserved": False, "allowEmptyValue": False}


def _by_name(parameters: list[Any], document: Json) -> dict[tuple[str, str], Json]:
    """Return parameters by place and name; header names are in lower case."""
    found: dict[tuple[str, str], Json] = {}
    for each in parameters:
        parameter = resolve(document, each)
        name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
        found[parameter["in"], name] = parameter
    return found
