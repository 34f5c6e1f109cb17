"""`make snapshots BASE=main`: compare pictures of the pages with those of another revision.

Both are taken in one run, by the same browser, with the fonts of this machine. Ends with 1 and the
list of the pictures that differ; they lie in test-results/snapshots, with a picture of the
difference beside them.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "test-results" / "snapshots"
TAKE = "e2e/snapshots/pictures.py"

#: How far a pixel may be off, of 255: text is not drawn quite alike at every time.
TOLERANCE = 24


def main() -> int:
    """Take the pictures of both revisions, compare them, print what differs."""
    base = os.environ.get("BASE") or "main"
    with checked_out(base) as folder:
        if not (folder / TAKE).exists():
            print(f"{base} has no {TAKE}; name a later revision: make snapshots BASE=…")
            return 2
        take(folder, FOLDER / "base")
    take(ROOT, FOLDER / "now")
    found = list(differences(FOLDER / "base", FOLDER / "now", FOLDER / "difference"))
    print(*found, sep="\n")
    print(f"{len(found)} pictures differ from {base}.")
    return 1 if found else 0


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """The files of a revision, with the packages of this one."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "base"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", str(folder), revision], check=True)
        try:
            (folder / ".venv").symlink_to(ROOT / ".venv")
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def take(source: Path, pictures: Path) -> None:
    """Run the program that takes the pictures, as that revision has it."""
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", TAKE]
    subprocess.run(command, cwd=source, env=os.environ | {"SNAPSHOTS": str(pictures)}, check=True)


def differences(base: Path, now: Path, into: Path) -> Iterator[str]:
    """What differs between the pictures of two folders."""
    into.mkdir(parents=True, exist_ok=True)
    names = {path.name for folder in (base, now) for path in folder.glob("*.png")}
    for name in sorted(names):
        if not (base / name).exists():
            yield f"{name}: new"
        elif not (now / name).exists():
            yield f"{name}: gone"
        elif difference := compare(base / name, now / name, into / name):
            yield f"{name}: {difference}"


def compare(base: Path, now: Path, into: Path) -> str:
    """How two pictures differ; nothing if they look the same."""
    before, after = (Image.open(path).convert("RGB") for path in (base, now))
    if before.size != after.size:
        return f"{before.size[0]} x {before.size[1]} became {after.size[0]} x {after.size[1]}"
    difference = ImageChops.difference(before, after).convert("L")
    changed = difference.point(lambda value: 255 if value > TOLERANCE else 0)
    box = changed.getbbox()
    if box is None:
        return ""
    changed.save(into)
    return f"{changed.histogram()[255]} pixels between {box[:2]} and {box[2:]}"


if __name__ == "__main__":
    sys.exit(main())
