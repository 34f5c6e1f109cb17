"""`make secrets`: look for secrets in the files here and in everything that was ever committed.

The patterns are those of detect-secrets that know a key by its form, and ours for Omise. Guesses by
entropy are left out: hashes and recordings would drown what matters. Nothing leaves the machine.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector

#: Made-up values that look like secrets, each with its reason.
KNOWN = Path(__file__).parent / "known_secrets.toml"

CLEAN, FOUND, NOT_SCANNED = 0, 1, 2


class OmiseDetector(RegexBasedDetector):
    """Omise's secret keys of both modes, our own settings, and whatever calls itself private."""

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
TOO_EAGER = {"Azure Storage Account access key"}

DETECTORS: list[RegexBasedDetector] = [
    *(
        kind()
        for name, kind in get_mapping_from_secret_type_to_class().items()
        if issubclass(kind, RegexBasedDetector) and name not in TOO_EAGER
    ),
    OmiseDetector(),
]


class Text(NamedTuple):
    """A file, or an object that git keeps."""

    place: str
    content: bytes


class Find(NamedTuple):
    """Something that looks like a secret, and where it stands."""

    place: str
    line: int
    kind: str
    secret: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.kind}: {self.secret[:9]}…"


def main() -> int:
    """Scan the repository that is named, or the one we are in."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    known = tomllib.loads(KNOWN.read_text())
    try:
        files, objects = list(working_tree(root)), list(history(root))
    except subprocess.CalledProcessError as error:
        print(f"NOT SCANNED. git says: {error.stderr.decode().strip()}", file=sys.stderr)
        return NOT_SCANNED
    finds = [find for find in scan([*files, *objects]) if find.secret not in known]
    print(*finds, sep="\n", end="\n" if finds else "")
    if finds:
        print("Replace what is real, at Omise too: git forgets nothing. What is made up goes with")
        print(f"its reason into {KNOWN.parent.name}/{KNOWN.name}.")
    print(f"{len(files)} files and {len(objects)} objects of git's scanned, {len(finds)} secrets")
    if git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        print("NOT SCANNED: this is a shallow clone, older commits are missing.", file=sys.stderr)
        return NOT_SCANNED
    return FOUND if finds else CLEAN


def scan(texts: list[Text]) -> Iterator[Find]:
    """Everything that looks like a secret; a line that stands in many places is read once."""
    seen: dict[str, list[tuple[str, str]]] = {}
    for text in texts:
        if b"\0" in text.content:
            continue  # a picture, or a tree of git's
        for number, line in enumerate(text.content.decode("utf-8", "replace").splitlines(), 1):
            if line not in seen:
                seen[line] = [
                    (detector.secret_type, secret)
                    for detector in DETECTORS
                    for secret in detector.analyze_string(line)
                ]
            yield from (Find(text.place, number, kind, secret) for kind, secret in seen[line])


def working_tree(root: Path) -> Iterator[Text]:
    """The files of the working tree that git does not ignore."""
    listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in sorted(set(listed.decode().split("\0"))):
        if (root / name).is_file():
            yield Text(name, (root / name).read_bytes())


def history(root: Path) -> Iterator[Text]:
    """Every file in every commit, every commit message, every tag, on all branches."""
    listed = git(root, "rev-list", "--objects", "--all").decode().splitlines()
    names = dict(line.split(" ", 1) if " " in line else (line, "") for line in listed)
    heap = git(root, "cat-file", "--batch", "--buffer", given="\n".join(names).encode() + b"\n")
    while heap:
        heading, _, heap = heap.partition(b"\n")
        key, kind, size = heading.decode().split()
        content, heap = heap[: int(size)], heap[int(size) + 1 :]
        if kind != "tree":
            yield Text(f"{kind} {key[:10]} {names[key]}".strip(), content)


def git(root: Path, *words: str, given: bytes = b"") -> bytes:
    """What git answers."""
    return subprocess.run(
        ["git", "-C", str(root), *words], input=given, capture_output=True, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
