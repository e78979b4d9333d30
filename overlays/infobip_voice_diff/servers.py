"""Compare the servers of two documents, and which of them clients call by themselves."""

from typing import Any

from infobip_voice_diff.changes import Log

__all__ = ["compare_servers"]

Json = dict[str, Any]


def compare_servers(log: Log, before: list[Json], after: list[Json]) -> None:
    """Log the changes of the servers, their order and their variables."""
    old, new = ({server["url"]: server for server in servers} for servers in (before, after))
    for url in {**old, **new}:
        if url not in new:
            log.breaking("servers", f"`{url}` removed", "clients still call it", url)
        elif url not in old:
            log.additive("servers", f"`{url}` added", "nobody has to use it", url)
        else:
            log.annotations(old[url], new[url], f"server {url}", url)
            _variables(log, old[url].get("variables", {}), new[url].get("variables", {}), f"server {url}")
    if before and after:
        _order(log, before, after)


def _order(log: Log, before: list[Json], after: list[Json]) -> None:
    open_ended = {server["url"] for server in (*before, *after) if _has_to_be_filled_in(server)}
    was, now = (_default(servers, open_ended) for servers in (before, after))
    urls = [[server["url"] for server in servers] for servers in (before, after)]
    if was != now:
        what = f"generated clients call `{now}` unless they are told otherwise, no longer `{was}`"
        log.breaking("servers", what, "people who never chose a server reach another one", now)
    elif [url for url in urls[0] if url in urls[1]] != [url for url in urls[1] if url in urls[0]]:
        log.additive(
            "servers", f"listed in another order, `{urls[1][0]}` first", "each of them goes on working", urls[1][0]
        )


def _has_to_be_filled_in(server: Json) -> bool:
    return any("enum" not in variable for variable in server.get("variables", {}).values())


def _default(servers: list[Json], open_ended: set[str]) -> str:
    """Return the server that a client calls by itself: the first that nobody has to fill in."""
    urls = [str(server["url"]) for server in servers]
    return next((url for url in urls if url not in open_ended), urls[0])


def _variables(log: Log, before: Json, after: Json, place: str) -> None:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            log.breaking(place, f"variable `{name}` added or removed", "the URL is put together otherwise", name)
            continue
        log.annotations(old, new, f"{place} variable {name}", name)
        was, now = old.get("enum"), new.get("enum")
        if old.get("default") != new.get("default") or (now and not set(was or ()) <= set(now)) or (now and not was):
            log.breaking(place, f"variable `{name}` changed", "the URL is put together otherwise", name)
        elif was != now:
            log.additive(place, f"variable `{name}` may have other values", "the older ones go on working", name)
