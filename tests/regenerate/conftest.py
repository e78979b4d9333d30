"""A repository of somebody who generates a client: a small contract, a configuration, no client."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from infobip_voice_cli import main

STRING = {"schema": {"type": "string"}}
CONTRACT = {
    "openapi": "3.1.1",
    "info": {"title": "Orders", "version": "1.0.0"},
    "paths": {"/orders": {"get": {
        "operationId": "listOrders",
        "tags": ["orders"],
        "description": "All orders.",
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"200": {"description": "They are.", "content": {
            media_type: {"schema": {"$ref": "#/components/schemas/Order"}}
            for media_type in ("application/json", "application/xml")
        }}},
    }}},
    "components": {"schemas": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}}},
}  # fmt: skip
SETTINGS = "post_hooks: []\n"
GET = "paths//orders/get"
Edit = tuple[str, Any]


def contract(*edits: Edit) -> bytes:
    """Return the contract after edits: a path of keys, and the new value; None removes."""
    document = deepcopy(CONTRACT)
    for path, value in edits:
        *steps, last = path.replace("//", "/\0").split("/")
        node: Any = document
        for step in steps:
            node = node[step.replace("\0", "/")]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return json.dumps(document).encode()


class Ran(NamedTuple):
    """What a run of the command gave."""

    code: int
    out: str
    err: str


class Repository(NamedTuple):
    """The files of a user, and the command run among them."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    @property
    def client(self) -> Path:
        return self.folder / "orders_client"

    def publish(self, *edits: Edit) -> Path:
        path = self.folder / "orders.json"
        path.write_bytes(contract(*edits))
        return path

    def run(self, *more: str, source: str | Path | None = None) -> Ran:
        words = ["regenerate", "--contract", str(source or self.folder / "orders.json")]
        words += ["--config", str(self.folder / "generator.yml"), "--out", str(self.client), *more]
        code = main(words)
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def files(self) -> dict[str, bytes]:
        """Return every file of the user but the contract that was published."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "orders.json" and "__pycache__" not in path.parts
        }


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a client of the contract as it is, generated once."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "generator.yml").write_text(SETTINGS)
    (folder / "orders.json").write_bytes(contract())
    words = ["--contract", folder / "orders.json", "--config", folder / "generator.yml", "--out", folder / "client"]
    assert main(["regenerate", *map(str, words)]) == 0
    return folder / "client"


@pytest.fixture
def user(repository: Repository, generated: Path) -> Repository:
    """Return a folder in which the client was generated before."""
    shutil.copytree(generated, repository.client)
    return repository


@pytest.fixture
def repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Repository:
    """Return a folder with a configuration that asks for nothing, as most people have it."""
    (tmp_path / "generator.yml").write_text(SETTINGS)
    found = Repository(tmp_path, capsys)
    found.publish()
    return found


class Page(NamedTuple):
    """What the server answers, in pieces; `wait` holds it back in the middle."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    length: bool = True
    wait: threading.Event | None = None


class Server(NamedTuple):
    """A web server on this machine, what it answers by path, and what it was asked."""

    url: str
    pages: dict[str, Page]
    asked: list[str]


@pytest.fixture
def serve() -> Iterator[Callable[[], Server]]:
    """Return what starts a server on a free port."""
    running: list[ThreadingHTTPServer] = []

    def start() -> Server:
        pages: dict[str, Page] = {}
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                page = pages.get(self.path.partition("?")[0], Page(status=404))
                self.send_response(page.status)
                for name, value in page.headers:
                    self.send_header(name, value)
                if page.length:
                    self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                self.wfile.write(page.body[:10])
                self.wfile.flush()
                if page.wait is not None:
                    page.wait.wait()
                self.wfile.write(page.body[10:])

            def log_message(self, *_: Any) -> None: ...

            def handle(self) -> None:
                with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
                    super().handle()

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return Server(f"http://127.0.0.1:{server.server_port}", pages, asked)

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
