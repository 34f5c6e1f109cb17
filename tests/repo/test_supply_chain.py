"""What we install is what was chosen, and nothing secret is given away."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.audit import CLEAN, UNKNOWN, VULNERABLE, verdict

ROOT = Path(__file__).parents[2]
PINS = ("requirements.txt", "sandbox/requirements.txt", "requirements-dev.txt")

#: Put together here, so that the scan does not find this file.
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


ANSWERS = {
    "clean": ({"name": "flask", "version": "3.1.3", "vulns": []}, CLEAN),
    "vulnerable": (
        {
            "name": "flask",
            "version": "0.1",
            "vulns": [{"id": "PYSEC-2018-66", "fix_versions": ["0.12.3"]}],
        },
        VULNERABLE,
    ),
    "unknown": ({"name": "flask", "skip_reason": "Dependency not found on PyPI"}, UNKNOWN),
}


@pytest.mark.parametrize(("package", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_only_an_answer_about_every_pin_counts(package, expected):
    other = {"name": "click", "version": "8.5.1", "vulns": []}

    assert verdict("requirements.txt", [other, package]) == expected


def test_an_audit_that_reaches_nobody_says_so(tmp_path):
    file = tmp_path / "pins.txt"
    file.write_text(f"flask==3.1.3 --hash=sha256:{'0' * 64}\n")
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "XDG_CACHE_HOME": str(tmp_path)}

    audit = run("tools/audit.py", file, **nowhere)

    assert audit.returncode == UNKNOWN
    assert "NOT AUDITED" in audit.stderr


def run(tool, *words, **environment):
    return subprocess.run(
        [sys.executable, ROOT / tool, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit and nothing to hide."""
    git(tmp_path, "init", "-q")
    (tmp_path / "shop.py").write_text("key = os.environ['OMISE_SECRET_KEY']\n")
    commit(tmp_path)
    return tmp_path


def git(root, *words):
    me = ["-c", "user.name=Nok", "-c", "user.email=nok@example.com", "-c", "core.hooksPath="]
    subprocess.run(["git", "-C", root, *me, *words], check=True)


def commit(root, message="Change"):
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", message)


def test_a_repository_without_secrets_passes(repository):
    assert run("tools/secret_scan.py", repository).returncode == 0


PLANTED = {
    "live key": f'KEY = "{LIVE_KEY}"',
    "test key": f'KEY = "{LIVE_KEY.replace("_", "_test_")}"',
    "webhook secret": "OMISE_WEBHOOK_SECRET=" + "c2VjcmV0" * 5,
    "session key": "SECRET_KEY=" + "0a1b2c3d" * 8,
    "password in an address": "postgresql://shop:" + "hunter2horse@db/shop",
    "private key": "-----BEGIN " + "PRIVATE KEY-----",
}


@pytest.mark.parametrize("line", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_found(repository, line):
    (repository / "notes.txt").write_text(f"first\n{line}\n")

    scan = run("tools/secret_scan.py", repository)

    assert scan.returncode == 1
    assert "notes.txt:2: " in scan.stdout


def test_a_secret_that_was_deleted_is_found_in_the_history(repository):
    (repository / "notes.txt").write_text(LIVE_KEY)
    commit(repository)
    (repository / "notes.txt").unlink()
    commit(repository)

    scan = run("tools/secret_scan.py", repository)

    assert scan.returncode == 1
    assert re.search(r"^blob \w+ notes.txt:1: ", scan.stdout)


def test_a_secret_in_a_commit_message_is_found(repository):
    (repository / "notes.txt").write_text("nothing")
    commit(repository, f"Use {LIVE_KEY}")

    assert "commit " in run("tools/secret_scan.py", repository).stdout


def test_a_secret_is_not_shown_in_full(repository):
    (repository / "notes.txt").write_text(LIVE_KEY)

    assert LIVE_KEY not in run("tools/secret_scan.py", repository).stdout


def test_what_cannot_be_scanned_is_not_called_clean(tmp_path):
    scan = run("tools/secret_scan.py", tmp_path)

    assert scan.returncode == 2
    assert "NOT SCANNED" in scan.stderr


def test_a_shallow_clone_is_not_called_clean(repository, tmp_path):
    (repository / "notes.txt").write_text("more")
    commit(repository)
    git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", tmp_path / "shallow")

    scan = run("tools/secret_scan.py", tmp_path / "shallow")

    assert scan.returncode == 2
    assert "shallow" in scan.stderr


def test_this_repository_has_no_secrets():
    """Where git shows no history (a copy, a shallow clone) the tool says so, and the test looks
    at what there is."""
    scan = run("tools/secret_scan.py", ROOT)

    assert scan.returncode in {0, 2}, scan.stdout
    assert " 0 secrets" in scan.stdout or "NOT SCANNED" in scan.stderr, scan.stdout
