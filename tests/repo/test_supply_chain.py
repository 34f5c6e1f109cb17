"""Installed packages are the pinned ones, and the repository holds no secret."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINS = ("requirements.txt", "sandbox/requirements.txt", "requirements-dev.txt")

#: What `make audit` tells pip-audit.
AUDIT = re.findall(r"-m pip_audit (.*)$", (ROOT / "Makefile").read_text(), re.M)

#: Joined here, so that the scan does not find this file.
LIVE_KEY = "skey_" + "4w9xqz7d1wu0t5xuy91"


def pins(file):
    """The pins of a file, each with its hashes."""
    blocks = re.split(r"\n(?=\S)", (ROOT / file).read_text().strip())
    return {block.split(" ")[0]: set(re.findall(r"sha256:\w{64}", block)) for block in blocks}


@pytest.mark.parametrize("file", PINS)
def test_every_pin_is_exact_and_has_hashes(file):
    for pin, hashes in pins(file).items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin)
        assert hashes


def test_the_three_files_agree():
    shop, sandbox, everything = (pins(file) for file in PINS)

    assert everything == everything | shop | sandbox


def test_make_run_installs_what_the_examine_view_needs():
    declared = tomllib.loads((ROOT / "sandbox/pyproject.toml").read_text())
    needed = declared["project"]["optional-dependencies"]["examine"]
    installed = {pin.partition("==")[0] for pin in pins("sandbox/requirements.txt")}

    assert {re.match(r"[\w-]+", requirement)[0] for requirement in needed} <= installed


def test_the_pins_hold_for_other_platforms_too():
    """A package with parts in C has a file for each platform."""
    [hashes] = [h for pin, h in pins("requirements.txt").items() if pin.startswith("markupsafe")]

    assert len(hashes) > 50


def test_pip_installs_nothing_without_a_hash():
    makefile = (ROOT / "Makefile").read_text()
    installs = re.findall(r"^.*pip install.*$", makefile, re.M)

    assert installs
    fetching = [line for line in installs if "--no-index" not in line]
    assert [line for line in fetching if "--require-hashes" not in line] == []


def test_audit_covers_the_pins_of_everything_that_is_shipped():
    [options] = AUDIT

    assert set(re.findall(r"-r (\S+)", options)) == {"requirements.txt", "sandbox/requirements.txt"}
    assert "--require-hashes" in options


def test_audit_fails_when_the_package_index_is_unreachable(tmp_path):
    """pip-audit skips what it cannot audit, unless it is told to be strict."""
    file = tmp_path / "pins.txt"
    file.write_text(f"flask==3.1.3 --hash=sha256:{'0' * 64}\n")
    unreachable = {"HTTPS_PROXY": "http://127.0.0.1:9", "XDG_CACHE_HOME": str(tmp_path)}
    options = re.sub(r" -r \S+", "", AUDIT[0]).split()

    audit = subprocess.run(
        [sys.executable, "-m", "pip_audit", *options, "-r", file],
        env={**os.environ, **unreachable},
        capture_output=True,
        check=False,
    )

    assert "--strict" in options
    assert audit.returncode != 0


def scan(*arguments):
    """Runs `make secrets` with these arguments."""
    return subprocess.run(
        [sys.executable, "-m", "tools.secret_scan", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit and no secret."""
    git(tmp_path, "init", "-q")
    (tmp_path / "shop.py").write_text("key = os.environ['OMISE_SECRET_KEY']\n")
    commit(tmp_path)
    return tmp_path


def git(root, *arguments):
    author = ["-c", "user.name=Nok", "-c", "user.email=nok@example.com", "-c", "core.hooksPath="]
    subprocess.run(["git", "-C", root, *author, *arguments], check=True)


def commit(root, message="Change"):
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", message)


def test_repository_without_secrets_passes(repository):
    assert scan(repository).returncode == 0


PLANTED = {
    "live key": f'KEY = "{LIVE_KEY}"',
    "test key": f'KEY = "{LIVE_KEY.replace("_", "_test_")}"',
    "webhook secret": "OMISE_WEBHOOK_SECRET=" + "c2VjcmV0" * 5,
    "session key": "SECRET_KEY=" + "0a1b2c3d" * 8,
    "password in an address": "postgresql://shop:" + "hunter2horse@db/shop",
    "private key": "-----BEGIN " + "PRIVATE KEY-----",
}


@pytest.mark.parametrize("line", PLANTED.values(), ids=PLANTED)
def test_planted_secret_is_found(repository, line):
    (repository / "notes.txt").write_text(f"first\n{line}\n")

    done = scan(repository)

    assert done.returncode == 1
    assert "notes.txt:2: " in done.stdout


def test_deleted_secret_is_found_in_the_history(repository):
    (repository / "notes.txt").write_text(LIVE_KEY)
    commit(repository)
    (repository / "notes.txt").unlink()
    commit(repository)

    done = scan(repository)

    assert done.returncode == 1
    assert re.search(r"^blob \w+ notes.txt:1: ", done.stdout)


def test_secret_in_a_commit_message_is_found(repository):
    (repository / "notes.txt").write_text("nothing")
    commit(repository, f"Use {LIVE_KEY}")

    assert "commit " in scan(repository).stdout


def test_secret_is_not_shown_in_full(repository):
    (repository / "notes.txt").write_text(LIVE_KEY)

    assert LIVE_KEY not in scan(repository).stdout


def test_secret_in_the_history_is_left_out_on_request(repository):
    (repository / "notes.txt").write_text(LIVE_KEY)
    commit(repository)
    (repository / "notes.txt").unlink()
    commit(repository)

    assert scan(repository, "--tree-only").returncode == 0


def test_folder_that_is_no_repository_is_not_called_clean(tmp_path):
    done = scan(tmp_path)

    assert done.returncode == 2
    assert "NOT SCANNED" in done.stderr


def test_shallow_clone_is_not_called_clean(repository, tmp_path):
    (repository / "notes.txt").write_text("more")
    commit(repository)
    git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", tmp_path / "shallow")

    done = scan(tmp_path / "shallow")

    assert done.returncode == 2
    assert "shallow" in done.stderr


def test_this_repository_has_no_secrets():
    """In a copy or a shallow clone without history, the test covers what there is."""
    done = scan(ROOT)

    assert done.returncode in {0, 2}, done.stdout
    assert " 0 secrets" in done.stdout or "NOT SCANNED" in done.stderr, done.stdout
