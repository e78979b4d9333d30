"""Running the command in this process, against a server on a real socket."""

import json
from pathlib import Path
from typing import Any

import pytest

from infobip_voice_cli import main
from sdk.lossy_server import LossyServer


def run(server: LossyServer, *words: str | Path) -> int:
    return main([*map(str, words), "--base-url", server.url, "--timeout", "5"])


def refuses(server: LossyServer) -> None:
    """Let a scripted refusal have no effect: the server otherwise processes every request."""
    process = server._process

    def processed(request: Any) -> Any:
        known = len(server.launched)
        answer = process(request)
        if server.script and isinstance(server.script[0], bytes):
            del server.launched[known:]
        return answer

    server._process = processed  # type: ignore[method-assign]


def file(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def launch(server: LossyServer, path: Path | str, *more: str | Path, connections: int = 1) -> int:
    """Launch on one connection, so that a server's script meets the requests in their order."""
    return run(
        server, "ivr", "launch", "--scenario", "s", "--to", path, "--connections", str(connections), *more
    )  # fmt: skip


def output(capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], str]:
    captured = capsys.readouterr()
    return [json.loads(line) for line in captured.out.splitlines()], captured.err
