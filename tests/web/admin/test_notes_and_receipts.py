"""Notes about an order, and its receipt sent again."""

import pytest


@pytest.fixture
def receipts(settings, services):
    """The receipts that were sent, once the worker has run."""

    def sent():
        services.engine.worker.run_due()
        return len([*settings.mail_folder.glob("paid*.eml"), *settings.mail_folder.glob("copy*")])

    return sent


def test_note_is_kept_with_its_author(staff, paid, shopper):
    staff.sends(f"/admin/orders/{paid}/notes", note="Call before delivery")

    staff.sees(f"/admin/orders/{paid}")
    assert "Note added." in staff.text
    assert "Call before delivery" in staff.text
    shopper.sees(f"/orders/{paid}")
    assert "Call before delivery" not in shopper.text


@pytest.mark.parametrize("note", ["", "  ", "4242 4242 4242 4242"])
def test_note_that_cannot_be_kept_is_refused(staff, paid, services, note):
    assert staff.sends(f"/admin/orders/{paid}/notes", note=note).status_code in (400, 422)
    assert services.audit_log.notes(paid) == []


def test_receipt_is_sent_again_once_for_each_click(database, staff, paid, receipts):
    assert receipts() == 1

    for _ in range(2):
        staff.sends(f"/admin/orders/{paid}/receipt")
    assert receipts() == 2
    staff.sends(f"/admin/orders/{paid}/receipt")
    assert receipts() == 3

    staff.sees(f"/admin/orders/{paid}")
    assert "The receipt is on its way to somchai@example.com." in staff.text


def test_receipt_that_was_not_sent_is_not_sent_again(staff, paid, receipts):
    staff.sends(f"/admin/orders/{paid}/receipt")

    staff.sees(f"/admin/orders/{paid}")
    assert "No receipt was sent for this order yet." in staff.text
    assert receipts() == 1
