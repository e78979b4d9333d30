"""Run the contract kit against a server, or against a mock that is started for it: `make contract`.

The arguments are the base URL, which may be empty, how many seeds to try, and options of
`infobip-voice contract`.
"""

import os
import sys

from infobip_voice_cli import main
from infobip_voice_mock import running_mock


def run(base_url: str, seeds: int, options: list[str]) -> int:
    """Test the server with each seed; return the worst exit code."""
    arguments = ["contract", "--base-url", base_url, "--destructive", *options]
    return max(main([*arguments, "--seed", str(seed)]) for seed in range(seeds))


def run_on_mock(seeds: int, options: list[str]) -> int:
    """Test a mock in either of its editions."""
    codes = []
    for edition in ("seeds", "2026"):
        with running_mock("--edition", edition) as mock:
            os.environ |= {"INFOBIP_USERNAME": mock.username, "INFOBIP_PASSWORD": mock.credentials["password"]}
            codes.append(run(mock.base_url, seeds, ["--numbers", "mock", "--edition", edition, *options]))
    return max(codes)


if __name__ == "__main__":
    url, count, *rest = sys.argv[1:]
    sys.exit(run(url, int(count or 1), rest) if url else run_on_mock(int(count or 1), rest))
