"""`make secrets`: search the working tree and the whole git history for secrets.

Uses the patterns of detect-secrets that know a key by its form, and one of this project for Omise.
Entropy detectors are left out: hashes and recordings would drown the findings. Nothing leaves the
machine. detect-secrets' own commands read neither history nor commit messages.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector

#: Made-up values that look like secrets, each with its reason.
KNOWN = Path(__file__).parent / "known_secrets.toml"

CLEAN, FOUND, NOT_SCANNED = 0, 1, 2


class OmiseDetector(RegexBasedDetector):
    """Omise's secret keys of both modes, secrets of the shop's settings, private keys."""

    secret_type = "Omise key or secret of the shop"  # noqa: S105 - a title
    denylist = (
        re.compile(r"\bskey_(?:test_)?[0-9a-z]{15,}\b"),
        re.compile(
            r"\b(?:(?:OMISE_)?WEBHOOK_SECRET|SECRET_KEY|POSTGRES_PASSWORD) *= *"
            r"[\"']?(?!skey_)([A-Za-z0-9+/=_-]{24,})"
        ),
        re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    )


#: Takes every SHA-512 of a lock file for a key.
EXCLUDED = {"Azure Storage Account access key"}

DETECTORS: list[RegexBasedDetector] = [
    *(
        kind()
        for name, kind in get_mapping_from_secret_type_to_class().items()
        if issubclass(kind, RegexBasedDetector) and name not in EXCLUDED
    ),
    OmiseDetector(),
]


class Text(NamedTuple):
    """A file of the working tree, or a git object."""

    place: str
    content: bytes


class Finding(NamedTuple):
    """A possible secret and its place."""

    place: str
    line: int
    kind: str
    secret: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.kind}: {self.secret[:9]}…"


def main() -> int:
    """Scan a repository; print the findings."""
    options = parse_arguments()
    try:
        files = list(working_tree(options.root))
        objects = [] if options.tree_only else list(history(options.root))
    except subprocess.CalledProcessError as error:
        return not_scanned(f"git failed: {error.stderr.decode().strip()}")
    known = tomllib.loads(KNOWN.read_text())
    findings = [finding for finding in scan([*files, *objects]) if finding.secret not in known]
    report(findings, f"{len(files)} files and {len(objects)} git objects scanned")
    if not options.tree_only and is_shallow(options.root):
        return not_scanned("this is a shallow clone, older commits are missing.")
    return FOUND if findings else CLEAN


def parse_arguments() -> argparse.Namespace:
    """The repository to scan, and whether to leave out its history."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("root", nargs="?", type=Path, default=Path())
    parser.add_argument("--tree-only", action="store_true", help="leave out the git history")
    return parser.parse_args()


def report(findings: list[Finding], scanned: str) -> None:
    """Print each finding, what to do about it, and a summary."""
    for finding in findings:
        print(finding)
    if findings:
        print("Revoke a real secret where it was issued: git history keeps it.")
        print(f"Add a made-up one, with its reason, to {KNOWN.parent.name}/{KNOWN.name}.")
    print(f"{scanned}, {len(findings)} secrets")


def not_scanned(reason: str) -> int:
    """Say that the result is incomplete, and why."""
    print(f"NOT SCANNED: {reason}", file=sys.stderr)
    return NOT_SCANNED


def scan(texts: list[Text]) -> Iterator[Finding]:
    """Yield every line that looks like a secret."""
    for text in texts:
        if b"\0" in text.content:
            continue  # an image, or a git tree
        for number, line in enumerate(text.content.decode("utf-8", "replace").splitlines(), 1):
            yield from (Finding(text.place, number, *match) for match in matches(line))


@cache  # most lines of the history occur in many versions of a file
def matches(line: str) -> list[tuple[str, str]]:
    """The kind and the value of each possible secret in a line."""
    return [
        (detector.secret_type, str(secret))
        for detector in DETECTORS
        for secret in detector.analyze_string(line)
    ]


def working_tree(root: Path) -> Iterator[Text]:
    """Files of the working tree, except those that git ignores."""
    listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in sorted(set(listed.decode().split("\0"))):
        if (root / name).is_file():
            yield Text(name, (root / name).read_bytes())


def history(root: Path) -> Iterator[Text]:
    """Every file of every commit, every commit message and every tag, on all branches."""
    listed = git(root, "rev-list", "--objects", "--all").decode().splitlines()
    names = {key: name for key, _, name in (line.partition(" ") for line in listed)}
    asked = "\n".join(names).encode() + b"\n"
    objects = BytesIO(git(root, "cat-file", "--batch", "--buffer", stdin=asked))
    for header in objects:
        key, kind, size = header.decode().split()
        content = objects.read(int(size) + 1).removesuffix(b"\n")
        if kind != "tree":
            yield Text(f"{kind} {key[:10]} {names[key]}".strip(), content)


def is_shallow(root: Path) -> bool:
    """Whether the clone lacks older commits."""
    return git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """The output of a git command."""
    return subprocess.run(
        ["git", "-C", str(root), *arguments], input=stdin, capture_output=True, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
