"""The version of the package; `pyproject.toml` says the same."""

from typing import Final

__all__ = ["__version__"]

__version__: Final = "0.2.0"
