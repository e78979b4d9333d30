"""Print what changed in the contract since a git ref, and check the versions and the changelog.

    python -m contract_diff [BASE]

BASE is by default the latest tag `contract-*`, else origin/main, else the first commit. The report
is Markdown. The exit code is

0   the versions and the changelog follow the changes, or BASE has no contract to compare with
1   `info.version` in openapi.yaml or `version` in pyproject.toml is lower than the changes ask for,
    or CHANGELOG.md does not mention them
2   BASE does not exist
"""

import sys
from collections.abc import Sequence

from contract_diff.history import State, committed, git, present
from contract_diff.release import problems, required
from infobip_voice_diff.changes import Change
from infobip_voice_diff.documents import classify
from infobip_voice_diff.words import changes_in_words


def report(base: str, before: State, after: State, changes: Sequence[Change]) -> str:
    """Return the changes, and the versions that they ask for, in Markdown."""
    lines = [f"# Contract {before.version} → {after.version}", "", f"Compared with `{base}`."]
    lines += changes_in_words(changes)
    lines += ["", "## Versions", "", "| | was | needed | is |", "|---|---|---|---|"]
    lines += [f"| contract | {before.version} | {required(before.version, changes)} | {after.version} |"]
    lines += [f"| package | {before.package} | {required(before.package, changes)} | {after.package} |"]
    return "\n".join(lines) + "\n"


def default_base() -> tuple[str, bool]:
    """Return the ref to compare with, and whether that contract has been published."""
    tags = git("tag", "--list", "contract-*", "--merged", "HEAD", "--sort=-version:refname")
    if tags:
        return tags.split()[0], True
    if git("rev-parse", "--verify", "--quiet", "origin/main^{commit}"):
        return "origin/main", True
    return (git("rev-list", "--max-parents=0", "HEAD") or "HEAD").split()[0], False


def main(base: str) -> int:
    """Print the report; return the exit code."""
    ref, published = (base, True) if base else default_base()
    before, after = committed(ref), present()
    if before is None:
        if not git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"):
            print(
                f"There is no commit `{ref}` to compare with: a tag, a branch or a commit is wanted.", file=sys.stderr
            )
            return 2
        print(f"# Contract {after.version}\n\n`{ref}` has no contract: nothing to compare with, so nothing can break.")
        return 0
    changes = classify(before.contract, after.contract)
    print(report(ref, before, after, changes))
    if not published:
        print("There is neither a tag `contract-*` nor origin/main: nothing is published yet, and no version is owed.")
        return 0
    missing = list(problems(before, after, changes))
    for line in missing:
        print(f"- ✘ {line}")
    if not missing:
        print("The versions are high enough, and the changelog mentions every change.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
