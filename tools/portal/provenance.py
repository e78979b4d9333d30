"""Show the sources of each field of the contract."""

from collections.abc import Iterator
from typing import Any, Final

from portal.pages import Site

__all__ = ["write"]

Json = dict[str, Any]
LEGEND: Final = (
    ("ivr-2017", "The vendor's page on the outbound IVR, as of 2017", "documented"),
    ("ivr-2019", "The vendor's later page on the outbound IVR", "documented"),
    ("ctc", "The vendor's page on the click to call", "documented"),
    ("reports", "The vendor's page on delivery reports that are handed out once", "documented"),
    ("platform-2026", "The vendor's present OpenAPI document and reference pages", "documented, for a later platform"),
    ("sibling", "Carried over from the vendor's SMS API", "likely"),
    ("assumption", "Ours. No source says it", "a conforming server may differ"),
)


def write(site: Site) -> None:
    """Write the page of sources."""
    fields = list(_fields(site.contract))
    site.page(
        "sources.html",
        "sources.html",
        "Where each field comes from",
        "Sources",
        legend=LEGEND,
        fields=fields,
        wide=True,
        summary="Which source says what about each field of the voice API, and where we assumed something.",
    )


def _fields(contract: Json) -> Iterator[tuple[str, list[str], str]]:
    """Yield every operation, parameter, response and property with its sources."""
    items = {**contract["paths"], **contract["webhooks"]}
    for path, item in items.items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation["x-provenance"], operation["summary"]
            for each in operation.get("parameters", ()):
                yield f"{method.upper()} {path} ?{each['name']}", each["x-provenance"], each["description"]
    for name, response in contract["components"]["responses"].items():
        yield f"answer {name}", response["x-provenance"], response["description"]
    for name, schema in contract["components"]["schemas"].items():
        for member, value in schema.get("properties", {}).items():
            yield f"{name}.{member}", value["x-provenance"], value["description"]
