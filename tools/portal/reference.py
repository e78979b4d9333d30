"""The two pages that foreign programs draw: the reference by Redoc, "Try it" by Swagger UI.

Neither page asks another host for anything.
"""

import copy
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from contract_diff.history import ROOT
from portal.markup import text_of_markdown
from portal.pages import Site
from portal.provenance import cite
from portal.samples import samples

__all__ = ["annotated", "write", "write_try_it"]

Json = dict[str, Any]
MODULES: Final = ROOT / "tools/node_modules"
DANGER: Final = {
    "x-idempotent": "Sending it twice does it twice.",
    "x-consumes-on-read": "What an answer carries is handed out once.",
}
OUTSIDE: Final = re.compile(r"https://(?:cdn\.redoc\.ly|cdn\.redocly\.com|otel\.cloud\.redocly\.com)/[^`\"']*")
"""The addresses in Redoc's bundle: a logo, icons, and a service that counts readers."""


def write(site: Site) -> None:
    """Write the reference: Redocly fills a template of ours."""
    text = site.render("reference.html", "reference.html", "Reference", redoc_head=Markup("{{{redocHead}}}"),
                       redoc_html=Markup("{{{redocHTML}}}"))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        template, contract, page = (Path(folder, name) for name in ("page.hbs", "contract.json", "page.html"))
        template.write_text(text, encoding="utf-8")
        contract.write_text(json.dumps(annotated(site.contract)), encoding="utf-8")
        command: list[str | Path] = [MODULES / ".bin/redocly", "build-docs", contract,
            "--config", ROOT / "tools/redocly.yaml",
                   "--inlineBundle", "--template", template, "--output", page]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        built = page.read_text(encoding="utf-8")
    built, found = OUTSIDE.subn("data:,", built)
    if found < 4:
        raise SystemExit(f"Redoc's bundle has {found} addresses of its maker, not at least 4: look at it again")
    site.write("reference.html", built.replace('"disableTelemetry":false', '"disableTelemetry":true'))
    for path, item in site.contract["paths"].items():
        for method, operation in item.items():
            title = f"{operation['summary']} · {method.upper()} {path}"
            place = (
                f"reference.html#/{operation['tags'][0].lower().replace(' ', '-')}/{operation['operationId'].lower()}"
            )
            site.listed(title, "Reference", place, text_of_markdown(operation["description"]))


def annotated(contract: Json) -> Json:
    """Return a copy of the contract with code samples and with sources in its descriptions."""
    document = copy.deepcopy(contract)
    for path, item in document["paths"].items():
        for operation in item.values():
            operation["x-codeSamples"] = [
                {"lang": each.language, "label": each.label, "source": each.source} for each in samples(path, operation)
            ]
            operation["description"] += "\n" + danger(operation)
    cite(document)
    return document


def danger(operation: Json) -> str:
    """Return what the contract tells programs about repeating an operation, in words."""
    said = [f"`{name}: {json.dumps(operation[name])}`" for name in DANGER if name in operation]
    words = [DANGER[name] for name in DANGER if operation.get(name) == (name == "x-consumes-on-read")]
    return f"For programs: {', '.join(said)}. {' '.join(words)}\n"


def write_try_it(site: Site) -> None:
    """Write the page from which readers send requests to the mock."""
    style, script = (
        (MODULES / "swagger-ui-dist" / name).read_text(encoding="utf-8")
        for name in ("swagger-ui.css", "swagger-ui-bundle.js")
    )
    # The page has a <main> already; a second one inside it confuses screen readers.
    script, found = re.subn(r'createElement\("main",\{id:"operations"', 'createElement("div",{id:"operations"', script)
    if found != 1:
        raise SystemExit(f"Swagger UI's bundle has {found} main parts for its operations, not one: look at it again")
    for name, text in (("swagger-ui.css", style), ("swagger-ui-bundle.js", script)):
        site.write(name, re.sub(r"(//|/\*)# sourceMappingURL=.*", "", text))
    site.write("contract.js", f"window.contract = {json.dumps(site.contract, ensure_ascii=False)};\n")
    site.page("try.html", "try.html", "Try it on the mock", "Try it", wide=True)
