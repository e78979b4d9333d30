"""Read `openapi.yaml`, and name each mistake in it with its line, before any generator meets it."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from contract_source.lines import line_of
from contract_source.mistakes import mistakes

__all__ = ["line_of", "read"]


def read(path: Path) -> dict[str, Any]:
    """Return the document, whose maps know their lines.

    Raises:
        SystemExit: The document has mistakes; the message has one sentence for each.
    """
    try:
        document: dict[str, Any] = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = " ".join(str(error.problem).split("\n")[0].split())
        raise SystemExit(f"{path.name}:{line}: This is no YAML: {problem}.") from None
    found = mistakes(document)
    if found:
        raise SystemExit("\n".join(f"{path.name}:{line}: {sentence}" for line, sentence in found))
    return document
