"""The audit log."""


def test_entry_names_actor_action_and_order(audit_log, clock):
    audit_log.record(
        "anong@example.com", "refund", order_number="K7Q2M9XA4D", detail="฿100.00 a chip"
    )

    (entry,) = audit_log.entries().rows
    assert (entry.actor, entry.action) == ("anong@example.com", "Refund")
    assert (entry.order_number, entry.detail) == ("K7Q2M9XA4D", "฿100.00 a chip")
    assert abs((clock() - entry.at).total_seconds()) < 60


def test_latest_entry_comes_first(audit_log, clock):
    audit_log.record("anong@example.com", "logged in")
    clock.advance(60)
    audit_log.record("anong@example.com", "logged out")

    assert [entry.action for entry in audit_log.entries().rows] == ["Log out", "Log in"]
