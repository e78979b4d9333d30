"""Compare two versions of the contract.

`classify` walks both documents together. `operations` compares the operations, `messages` what they
send and answer, `schemas` the schemas, and `keywords` what one keyword of a schema allows.
"""

from typing import Any, Final

from infobip_voice_diff.changes import Change, Log
from infobip_voice_diff.operations import Operations
from infobip_voice_diff.references import Pair
from infobip_voice_diff.servers import compare_servers

__all__ = ["classify"]

Json = dict[str, Any]
KNOWN: Final = {"openapi", "info", "servers", "tags", "paths", "webhooks", "components", "security", "externalDocs"}


def classify(before: Json, after: Json) -> list[Change]:
    """Return every change but that of `info.version`, the gravest first."""
    log = Log()
    _document(log, before, after)
    compare_servers(log, before.get("servers", []), after.get("servers", []))
    operations = Operations(log, Pair(before, after))
    for key in ("paths", "webhooks"):
        operations.compare(before.get(key, {}), after.get(key, {}), pushed=key == "webhooks")
    _components(log, before.get("components", {}), after.get("components", {}))
    changes = log.sorted()
    if not changes and _unversioned(before) != _unversioned(after):
        return [
            Change("documentation", "the document", "rearranged", "nothing that anybody reads or sends changes", "")
        ]
    return changes


def _unversioned(document: Json) -> Json:
    return {**document, "info": {**document.get("info", {}), "version": None}}


def _document(log: Log, before: Json, after: Json) -> None:
    old, new = before.get("info", {}), after.get("info", {})
    for key in {**old, **new}:
        if key != "version" and old.get(key) != new.get(key):
            log.documentation("info", f"`info.{key}` changed", key)
    for key in ("tags", "externalDocs"):
        if before.get(key) != after.get(key):
            log.documentation("the document", f"`{key}` changed", key)
    what = f"`openapi` is now {after['openapi']}"
    if before["openapi"].split(".")[:2] != after["openapi"].split(".")[:2]:
        log.breaking("the document", what, "tools that read the older version of OpenAPI may fail", "openapi")
    elif before["openapi"] != after["openapi"]:
        log.documentation("the document", what, "openapi")
    for key in sorted((before.keys() | after.keys()) - KNOWN):
        if before.get(key) != after.get(key):
            if key.startswith("x-"):
                log.documentation("the document", f"`{key}` changed", key)
            else:
                log.breaking("the document", f"`{key}` changed", "its effect is not known here", key)


def _components(log: Log, before: Json, after: Json) -> None:
    """Name the components that came or went; what uses them is compared where it is used."""
    for kind in {**before, **after}:
        old, new = before.get(kind, {}), after.get(kind, {})
        for name in {**old, **new}:
            if name not in old or name not in new:
                word = "added" if name not in old else "removed"
                log.documentation(f"components/{kind}", f"`{name}` {word}", name)
            elif kind == "securitySchemes":
                log.annotations(old[name], new[name], f"security scheme {name}", name)
