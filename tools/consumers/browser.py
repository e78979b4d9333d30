"""Renderers of OpenAPI documents, each with the contract in a real browser."""

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from playwright.sync_api import Error, Page, sync_playwright
from ruamel.yaml import YAML

from consumers.workplace import CONTRACT, Failed, empty, unpack

__all__ = ["RENDERERS", "Renderer"]

_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>{name}</title>
<body style="margin: 0; height: 100vh">
{body}
</body>
</html>
"""
_TEXT: Final = """() => {
  const text = (node) => node.nodeType === Node.TEXT_NODE ? node.data
    : ['SCRIPT', 'STYLE'].includes(node.nodeName) ? ''
    : [...node.childNodes, ...(node.shadowRoot ? [node.shadowRoot] : [])].map(text).join('');
  return text(document.body);
}"""
"""The text of a page, also of what its elements keep to themselves."""

MAX_SECONDS: Final = 180
"""How long a page may take for one thing: some megabytes of script, beside other work."""
EXPECTED: Final = (
    "Launch an outbound IVR",
    "Launch a click to call",
    "Fetch delivery reports, once",
    "Receive a pushed delivery report, nested",
    "Receive a pushed delivery report, flat",
)
"""The summaries of the three operations and the two webhooks."""

EXAMPLE: Final = "<scenarioId>"
"""A piece of an example in XML."""

XML: Final = "application/xml"
_ONE_BY_ONE: Final = (
    "IVR", "Launch an outbound IVR", "Click to call", "Launch a click to call", "Reports",
    "Fetch delivery reports, once", "Pushes", "Receive a pushed delivery report, nested",
    "Receive a pushed delivery report, flat",
)  # fmt: skip


@dataclass(frozen=True)
class Renderer:
    """A renderer as its makers publish it: one script, from their package.

    Attributes:
        name: Its name in the table.
        package: The npm package and its version.
        integrity: What the archive has to be.
        files: The script, and the styles if there are some.
        body: The page that shows the document `openapi.json`.
        clicks: Texts that are clicked, one after the other, where a page shows one thing at a time.
        xml: Whether it shows examples in XML.
    """

    name: str
    package: str
    integrity: str
    files: tuple[str, ...]
    body: str
    clicks: tuple[str, ...] = ()
    xml: bool = True

    @property
    def ran(self) -> str:
        """What of it ran."""
        examples = "JSON and XML" if self.xml else "no example in XML"
        return f"rendered: three operations, two webhooks, {examples}; the console is empty"

    def version(self) -> str:
        """Return the version of the package."""
        return self.package.rpartition("@")[2]

    def run(self) -> None:
        """Show the contract, and look for what has to be there.

        Raises:
            Failed: something is missing, or the page complains.
        """
        folder = empty(self.name)
        package = unpack(self.package, self.integrity, folder)
        for name in self.files:
            shutil.copy(package / name, folder)
        document = YAML(typ="safe", pure=True).load(CONTRACT)
        (folder / "openapi.json").write_text(json.dumps(document))
        (folder / "index.html").write_text(_PAGE.format(name=self.name, body=self.body))
        with _served(folder) as address, _page() as (page, complaints):
            page.goto(address)
            self._look(page, complaints, folder)

    def _look(self, page: Page, complaints: list[str], folder: Path) -> None:
        seen = ""
        try:
            page.get_by_text("Click to call").first.wait_for(state="attached")
            seen += _seen(page)
            for text in self.clicks:
                page.get_by_text(text, exact=True).first.click()
                page.wait_for_timeout(300)
                seen += _seen(page)
        except Error as error:
            raise Failed(f"it cannot be used: {error}; it complains {complaints[:5]}") from None
        finally:
            page.screenshot(path=folder / "page.png")
        missing = [each for each in EXPECTED if each not in seen]
        if (EXAMPLE in seen) is not self.xml:
            missing.append(f"{'an' if self.xml else 'no'} example in XML")
        if missing or complaints:
            (folder / "seen.txt").write_text(seen)
            raise Failed(f"it does not show {missing}; it complains {complaints[:5]}")


def _seen(page: Page) -> str:
    """Return the text of a page, and what else it has after XML was chosen wherever it can be."""
    text: str = page.evaluate(_TEXT)
    for choice in page.locator("select").all():
        if choice.is_visible() and XML in map(str.strip, choice.locator("option").all_text_contents()):
            choice.select_option(XML)
    menus = page.locator('button[aria-haspopup="listbox"]:has-text("application/json")')
    if menus.count():
        menus.first.click()
        page.get_by_role("listbox").get_by_text(XML, exact=True).first.click()
    page.wait_for_timeout(300)
    return text + str(page.evaluate(_TEXT))


@contextmanager
def _served(folder: Path) -> Generator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002  the name is the base class's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


@contextmanager
def _page() -> Generator[tuple[Page, list[str]]]:
    """Yield a page that asks nobody else, and the list of what it complains about."""
    complaints: list[str] = []
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise Failed("Chromium is needed: apt-get install chromium")
    with sync_playwright() as library:
        browser = library.chromium.launch(executable_path=program, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.set_default_timeout(MAX_SECONDS * 1000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.route(lambda address: not address.startswith("http://127.0.0.1"), lambda route: route.fulfill(body=""))
        yield page, complaints
        browser.close()


RENDERERS: Final = (
    Renderer(
        "redoc",
        "redoc@2.5.4",
        "sha512-M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ==",
        ("bundles/redoc.standalone.js",),
        '<redoc spec-url="openapi.json"></redoc><script src="redoc.standalone.js"></script>',
    ),
    Renderer(
        "scalar",
        "@scalar/api-reference@1.46.4",
        "sha512-EpCcOG15Ry8DKNs/f5AdRA97s1B5kGPekzANpnK0j1IpyU4Sb/mfdyfB00WC+vUo7hfc4BFRSkkiPa5SSM7fng==",
        ("dist/browser/standalone.js",),
        '<div id="app"></div><script src="standalone.js"></script>'
        "<script>Scalar.createApiReference('#app', {url: 'openapi.json', withDefaultFonts: false})</script>",
        _ONE_BY_ONE,
        xml=False,  # its sample of a request stays the one in JSON, whatever media type is chosen
    ),
    Renderer(
        "elements",
        "@stoplight/elements@9.0.25",
        "sha512-rDbNsgSCNo74lyV57cBzym+8F68/R2j7UPq4r3w5qK608vX8APNJhTq+2MkbTjsM3bUhFIoRdI225tlI85KpCA==",
        ("web-components.min.js", "styles.min.css"),
        '<link rel="stylesheet" href="styles.min.css"><script src="web-components.min.js"></script>'
        '<elements-api apiDescriptionUrl="openapi.json" router="hash" layout="sidebar"></elements-api>',
        _ONE_BY_ONE,
    ),
    Renderer(
        "rapidoc",
        "rapidoc@9.3.8",
        "sha512-eCYEbr1Xr8OJZvVCw8SXl9zBCRoLJbhNGuG5IZTHq/RWAOq/O4MafUCuFEyZHsrhLrlUcGZMa64pyhpib8fQKQ==",
        ("dist/rapidoc-min.js",),
        '<script src="rapidoc-min.js"></script><rapi-doc spec-url="openapi.json" load-fonts="false" '
        'render-style="read" schema-style="table"></rapi-doc>',
    ),
    Renderer(
        "swagger-ui",
        "swagger-ui-dist@5.35.0",
        "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==",
        ("swagger-ui-bundle.js", "swagger-ui.css"),
        '<link rel="stylesheet" href="swagger-ui.css"><div id="ui"></div><script src="swagger-ui-bundle.js"></script>'
        "<script>SwaggerUIBundle({url: 'openapi.json', dom_id: '#ui', docExpansion: 'full', validatorUrl: null})"
        "</script>",
    ),
)
