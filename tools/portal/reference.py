"""The reference: a page for each operation and webhook, and one for the errors."""

import json
import re
from collections.abc import Iterator
from textwrap import shorten
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from portal.answers import LOST, Advice, advice
from portal.fields import Group, groups, parameters
from portal.markup import code, markdown, text_of_markdown
from portal.pages import Site
from portal.samples import Sample, push_samples, samples

__all__ = ["DANGER", "slug", "write"]

Json = dict[str, Any]
INDEX: Final = "reference/index.html"
ERRORS: Final = "reference/errors.html"
DANGER: Final = {
    ("x-idempotent", False): "Sending it twice does it twice.",
    ("x-consumes-on-read", True): "What an answer carries is handed out once.",
}
NEIGHBOURS: Final = "application/json", "application/xml"


class Example(NamedTuple):
    """One example in JSON and, if the contract has it, in XML."""

    summary: str
    json: Markup
    xml: Markup | None


class Answer(NamedTuple):
    """One answer that is no success: its status, when it comes, and what to do."""

    status: str
    name: str
    description: str
    advice: Advice
    headers: dict[str, Json]
    sources: list[str]
    examples: list[Example]


def write(site: Site) -> None:
    """Write every page of the reference, and the page that lists them."""
    contract = site.contract
    operations = [(method, path, each) for path, item in contract["paths"].items() for method, each in item.items()]
    pushes = [each for item in contract["webhooks"].values() for each in item.values()]
    cards = [
        (f"{slug(each)}.html", each["summary"], f"{method.upper()} {path}") for method, path, each in operations
    ] + [(f"{slug(each)}.html", each["summary"], "What your receiver gets") for each in pushes]
    cards.append(("errors.html", "Errors", "Every status that is no success, and what to do"))
    site.page(
        "reference.html",
        INDEX,
        "Reference",
        cards=cards,
        about=markdown(contract["info"]["description"]),
        security=contract["components"]["securitySchemes"],
        summary="Reference of the voice API: each operation, webhook and error on a page of its own.",
    )
    for method, path, operation in operations:
        write_operation(site, method, path, operation)
    for operation in pushes:
        write_push(site, operation)
    write_errors(site)


def slug(operation: Json) -> str:
    """Return the name of the page of an operation: `launchOutboundIvr` is `launch-outbound-ivr`."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", operation["operationId"]).lower()


def write_operation(site: Site, method: str, path: str, operation: Json) -> None:
    """Write the page of one operation."""
    contract = site.contract
    success = _resolved(contract, operation["responses"]["200"])
    body = operation.get("requestBody")
    callbacks = [
        push for callback in operation.get("callbacks", {}).values() for item in callback.values()
        for push in item.values()
    ]  # fmt: skip
    _page(
        site,
        operation,
        method=method.upper(),
        path=path,
        danger=[
            operation["description"].partition("\n\n")[0],
            " ".join(words for (flag, value), words in DANGER.items() if operation.get(flag) == value),
        ],
        query=parameters(operation),
        request=list(groups(contract, _schema(body), "", "The body")) if body else [],
        examples=_examples(body["content"]) if body else [],
        samples=_coloured(samples(path, operation)),
        success=success,
        headers=_headers(contract, success),
        answer=list(groups(contract, _schema(success), "answer.", "The body")),
        answers=_examples(success["content"]),
        errors=[_lost(operation), *_answers(contract, operation)],
        pushes=callbacks,
        push_pages=[(f"{slug(item['post'])}.html", item["post"]["summary"]) for item in contract["webhooks"].values()],
        template="operation.html",
        connects=True,
        send=_sending(body, path),
    )


def _sending(body: Json | None, path: str) -> Json:
    """Return what the form that sends to the mock begins with."""
    texts = {
        kind: _text(next(iter(content["examples"].values()))["value"])
        for kind, content in (body or {"content": {}})["content"].items()
    }
    return {"path": path, "bodies": texts}


def write_push(site: Site, operation: Json) -> None:
    """Write the page of one webhook."""
    contract, body = site.contract, operation["requestBody"]
    [how, *_] = [
        push
        for item in contract["paths"].values()
        for launch in item.values()
        for callback in launch.get("callbacks", {}).values()
        for address in callback.values()
        for push in address.values()
    ]
    _page(
        site,
        operation,
        how=how,
        request=list(groups(contract, _schema(body), "", "The body")),
        examples=_examples(body["content"]),
        samples=_coloured(push_samples(operation)),
        answers=operation["responses"],
        template="webhook.html",
    )


def write_errors(site: Site) -> None:
    """Write the page of every answer that is no success."""
    contract = site.contract
    known: dict[str, Json] = {}
    for item in contract["paths"].values():
        for operation in item.values():
            known |= operation["responses"]
    order = sorted(known, key=lambda status: (status == "default", status))
    answers = list(_answers(contract, {"responses": {status: known[status] for status in order}}, examples=True))
    fields = list(groups(contract, {"$ref": "#/components/schemas/ApiException"}, "", "The body"))
    site.page(
        "errors.html",
        ERRORS,
        "Errors",
        current=INDEX,
        answers=[_lost(None), *answers],
        summary="Every answer of the voice API that is no success: did it take effect, and what to do now.",
        fields=fields,
        wide=True,
    )
    _list_fields(site, ERRORS, "Errors", fields)


def _page(site: Site, operation: Json, *, template: str, **values: Any) -> None:
    about = f"{operation['summary']}: {text_of_markdown(operation['description'])}"
    url, title = f"reference/{slug(operation)}.html", operation["summary"]
    site.page(template, url, title, current=INDEX, operation=operation, wide=True,
              description=markdown(operation["description"].partition("\n\n")[2]),
              summary=shorten(about, 155, placeholder=" …"), **values)  # fmt: skip
    _list_fields(site, url, title, [*values["request"], *values.get("answer", ())])
    for field in values.get("query", ()):
        site.listed(field.name, title, f"{url}#{field.anchor}", text_of_markdown(field.description))


def _list_fields(site: Site, url: str, title: str, shown: list[Group]) -> None:
    for group in shown:
        for field in group.fields:
            text = text_of_markdown(" ".join([field.description, *field.limits]))
            site.listed(field.name, title, f"{url}#{field.anchor}", text)


def _schema(content: Json) -> Json:
    schema: Json = content["content"]["application/json"]["schema"]
    return schema


def _resolved(contract: Json, node: Json) -> Json:
    found: Json = node
    for part in node.get("$ref", "").split("/")[1:]:
        found = contract[part] if found is node else found[part]
    return found


def _headers(contract: Json, response: Json) -> dict[str, Json]:
    return {name: _resolved(contract, header) for name, header in response.get("headers", {}).items()}


def _lost(operation: Json | None) -> Answer:
    return Answer(LOST, "", "The connection broke, or nothing came in time.", advice(LOST, operation), {}, [], [])


def _answers(contract: Json, operation: Json, examples: bool = False) -> Iterator[Answer]:
    """Yield each answer of an operation that is no success."""
    for status, reference in operation["responses"].items():
        if status == "200":
            continue
        response = _resolved(contract, reference)
        example = _text(next(iter(response["content"]["application/json"]["examples"].values()))["value"])
        yield Answer(
            status=status,
            name=json.loads(example)["requestError"]["serviceException"]["messageId"] if status != "default" else "",
            description=response["description"],
            advice=advice(status, operation if "x-provenance" in operation else None),
            headers=_headers(contract, response),
            sources=response["x-provenance"],
            examples=_examples(response["content"]) if examples else [],
        )


def _examples(content: Json) -> list[Example]:
    both = [content[kind]["examples"] if kind in content else {} for kind in NEIGHBOURS]
    return [
        Example(each["summary"], _block(each["value"], "json"),
                _block(both[1][name]["value"], "xml") if name in both[1] else None)
        for name, each in both[0].items()
    ]  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _block(value: Any, language: str) -> Markup:
    return Markup(code(_text(value), language))  # noqa: S704 - our own


def _coloured(found: list[Sample]) -> list[tuple[str, Markup]]:
    return [(each.label, Markup(code(each.source, each.language))) for each in found]  # noqa: S704 - our own
