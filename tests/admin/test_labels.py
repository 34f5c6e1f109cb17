"""Everything that staff read of tasks, webhooks and the audit log has words."""

import ast

from storefront.admin.labels import ACTIONS, TASKS, WEBHOOKS, action_label, task_label
from storefront.payments.event_models import EventStatus
from tests.support.programs import ROOT


def test_every_task_has_words(services):
    assert set(services.engine.worker._handlers) == set(TASKS)
    assert task_label("send_poem") == "Send poem"


def test_every_state_of_a_webhook_has_words():
    assert set(WEBHOOKS) == set(EventStatus)


def test_every_action_that_is_recorded_has_words():
    trees = [ast.parse(path.read_text()) for path in (ROOT / "storefront").rglob("*.py")]
    recorded = {
        node.args[1].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("audit_log.record")
        and isinstance(node.args[1], ast.Constant)
    }

    assert len(recorded) > 10
    assert recorded - set(ACTIONS) == set()
    assert action_label("something unknown") == "something unknown"
