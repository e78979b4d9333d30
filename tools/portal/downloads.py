"""Files for programs: the contract, JSON Schemas, a Postman collection, workflows, `llms.txt`."""

import json
import re
from collections.abc import Iterator
from typing import Any

from contract_diff.history import ROOT
from infobip_voice_contract.contract import judged_document
from portal import versions
from portal.pages import Site

__all__ = ["write", "write_llms"]

Json = dict[str, Any]
LINTERS = ("redocly.yaml", ".redocly.lint-ignore.yaml", "spectral.yaml")
CONTROL = "overlays/infobip_voice_mock/control/control.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write(site: Site) -> None:
    """Write the files, and the page that lists them."""
    schemas = json_schemas(site.contract)
    files = {
        "openapi.yaml": (ROOT / "openapi.yaml").read_text(encoding="utf-8"),
        "openapi.json": _json(site.contract),
        "judged.json": _json(judged_document()),
        "postman.json": _json(postman(site.contract)),
        "workflows.arazzo.yaml": workflows(),
        "control.json": (ROOT / CONTROL).read_text(encoding="utf-8"),
    }
    for name, text in files.items():
        site.write(f"{name}.sha256", versions.hash_line(text.encode(), name))
    files |= {f"schemas/{name}.json": _json(schema) for name, schema in schemas.items()}
    for name, text in files.items():
        site.write(name, text)
    for name in LINTERS:
        site.write(f"lint/{name}", (ROOT / "tools" / name).read_text(encoding="utf-8"))
    known = versions.write(site, files)
    site.page(
        "downloads.html",
        "downloads.html",
        "Downloads",
        versions=known,
        schemas=sorted(schemas),
        linters=LINTERS,
        summary="The contract of the voice API for programs: OpenAPI, JSON Schemas, a Postman collection.",
    )


def write_llms(site: Site) -> None:
    """Write `llms.txt`, once every page is written."""
    site.write("llms.txt", llms(site.contract, site.pages))


def workflows() -> str:
    """Return the workflows as they are published, with every file beside them."""
    return (
        (ROOT / "workflows.arazzo.yaml").read_text(encoding="utf-8").replace(f"url: {CONTROL}\n", "url: control.json\n")
    )


def _json(document: Json) -> str:
    """Return a JSON document in ASCII: YAML parsers refuse U+FFFE, which a pattern has."""
    return json.dumps(document, indent=2) + "\n"


def json_schemas(contract: Json) -> dict[str, Json]:
    """Return each schema as a document of its own that contains all schemas it refers to."""
    schemas = contract["components"]["schemas"]
    documents = {}
    for name in schemas:
        needed: list[str] = []
        _collect(schemas, name, needed)
        definitions = {each: _local(schemas[each]) for each in needed if each != name or _refers(schemas, name)}
        document = {"$schema": DIALECT, "title": name, **_local(schemas[name])}
        documents[name] = {**document, "$defs": definitions} if definitions else document
    return documents


def _collect(schemas: Json, name: str, found: list[str]) -> None:
    for reference in _references(schemas[name]):
        if reference not in found:
            found.append(reference)
            _collect(schemas, reference, found)


def _refers(schemas: Json, name: str) -> bool:
    found: list[str] = []
    _collect(schemas, name, found)
    return name in found


def _references(node: Any) -> Iterator[str]:
    yield from re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(node))


def _local(node: Json) -> Json:
    text = json.dumps(node, ensure_ascii=False).replace("#/components/schemas/", "#/$defs/")
    schema: Json = json.loads(text)
    return schema


def postman(contract: Json) -> Json:
    """Return a Postman collection: each operation in JSON and in XML, sent to a local mock."""
    folders: dict[str, list[Json]] = {tag["name"]: [] for tag in contract["tags"]}
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            folders[operation["tags"][0]] += _requests(path, method.upper(), operation)
    return {
        "info": {
            "name": f"{contract['info']['title']} {contract['info']['version']}",
            "description": contract["info"]["description"],
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "auth": {"type": "basic", "basic": [
            {"key": "username", "value": "{{username}}", "type": "string"},
            {"key": "password", "value": "{{password}}", "type": "string"},
        ]},
        "variable": [
            {"key": "baseUrl", "value": "http://127.0.0.1:8080"},
            {"key": "username", "value": "Aladdin"},
            {"key": "password", "value": "open sesame"},
        ],
        "item": [{"name": name, "item": items} for name, items in folders.items()],
    }  # fmt: skip


def _requests(path: str, method: str, operation: Json) -> Iterator[Json]:
    for media_type, word in (("application/json", "JSON"), ("application/xml", "XML")):
        query = [
            {"key": each["name"], "value": str(each["example"]), "description": each["description"],
             "disabled": each["name"] != "limit"}
            for each in operation.get("parameters", ())
        ]  # fmt: skip
        request: Json = {
            "method": method,
            "description": operation["description"],
            "header": [{"key": "Accept", "value": media_type}],
            "url": {
                "raw": "{{baseUrl}}" + path,
                "host": ["{{baseUrl}}"],
                "path": path.strip("/").split("/"),
                "query": query,
            },
        }
        if "requestBody" in operation:
            value = next(iter(operation["requestBody"]["content"][media_type]["examples"].values()))["value"]
            text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
            request["header"].append({"key": "Content-Type", "value": media_type})
            request["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": word.lower()}}}
        yield {"name": f"{operation['summary']} ({word})", "request": request}


def llms(contract: Json, pages: list[tuple[str, str, str]]) -> str:
    """Return `llms.txt`: what the API is, what is dangerous about it, and where the pages are."""
    info = contract["info"]
    lines = [f"# {info['title']} {info['version']}", "", f"> {info['summary']}", "", info["description"].strip(), ""]
    lines += ["## Operations", ""]
    for path, item in contract["paths"].items():
        lines += [f"- `{method.upper()} {path}`: {operation['summary']}" for method, operation in item.items()]
    lines += ["", "## Pages", "", *(f"- [{title}]({url[:-4]}md): {text}" for url, title, text in pages)]
    lines += [
        "",
        "## Files",
        "",
        "- [The contract](openapi.yaml): OpenAPI 3.1, YAML",
        "- [The contract](openapi.json): JSON",
        "- [Workflows](workflows.arazzo.yaml): Arazzo 1.0",
    ]
    return "\n".join(lines) + "\n"
