"""What staff read for tasks of the worker, webhooks, and actions in the audit log."""

from storefront.accounts.notices import AccountMail
from storefront.admin.decline_reasons import in_words
from storefront.payments.event_models import EventStatus
from storefront.payments.task_models import TaskKind
from storefront.shop.order_link_mails import ORDER_LINK
from storefront.shop.receipts import MailKind
from storefront.shop.shipments import SHIPMENT_NOTICE
from storefront.shop.staff_notices import DISPUTE_NOTICE

#: The kind of a task → what it does.
TASKS: dict[str, str] = {
    TaskKind.RESOLVE_ATTEMPT: "Find the result of an attempt",
    TaskKind.PROCESS_WEBHOOK: "Process a webhook",
    TaskKind.REFUND_SURPLUS: "Refund a surplus payment",
    TaskKind.CHECK_AUTHORIZATION: "Check an authorization",
    TaskKind.NOTIFY_HOST: "Update the order after a payment",
    MailKind.RECEIPT: "Email the receipt",
    MailKind.REFUND: "Email about a refund",
    MailKind.COPY: "Email the receipt again",
    MailKind.RECEIVED: "Email that the order is received",
    MailKind.FAILED: "Email that the payment failed",
    AccountMail.VERIFY_EMAIL: "Email to verify an address",
    AccountMail.RESET_PASSWORD: "Email to reset a password",
    AccountMail.PASSWORD_CHANGED: "Email about a changed password",
    AccountMail.EMAIL_CHANGED: "Email about a changed address",
    AccountMail.ACCOUNT_DELETED: "Email about a deleted account",
    DISPUTE_NOTICE: "Email staff about a dispute",
    SHIPMENT_NOTICE: "Email that the order has shipped",
    ORDER_LINK: "Email a link to the order",
}

#: The kind of a task → what its subject is the id of, if it is not an order.
SUBJECTS: dict[str, str] = {
    TaskKind.RESOLVE_ATTEMPT: "Attempt",
    TaskKind.PROCESS_WEBHOOK: "Webhook",
    TaskKind.REFUND_SURPLUS: "Attempt",
    TaskKind.CHECK_AUTHORIZATION: "Attempt",
    DISPUTE_NOTICE: "Dispute",
}

#: What became of a webhook.
WEBHOOKS: dict[str, str] = {
    EventStatus.RECEIVED: "Waiting",
    EventStatus.APPLIED: "Processed",
    EventStatus.UNMATCHED: "No payment found yet",
    EventStatus.IGNORED: "Not about a payment",
}

RETRY_TASK, DISCARD_TASK, REPLAY_WEBHOOK = "retry task", "discard task", "replayed a webhook"

#: The action of an entry of the audit log → what staff read.
ACTIONS: dict[str, str] = {
    "capture": "Capture",
    "void": "Void",
    "refund": "Refund",
    "close attempt": "Close the attempt",
    "pack": "Pack",
    "ship": "Ship",
    "note": "Add a note",
    "send again": "Send the receipt again",
    "set the stock": "Set the stock",
    RETRY_TASK: "Retry a task",
    DISCARD_TASK: "Delete a task",
    REPLAY_WEBHOOK: "Replay a webhook",
    "reconciled": "Reconcile payments",
    "logged in": "Log in",
    "logged out": "Log out",
    "used a recovery code": "Log in with a recovery code",
    "set up second factor": "Set up a second factor",
    "removed second factor": "Remove the second factor",
    "create-staff": "Create or reset an account",
}


def task_label(kind: str) -> str:
    """What a task does; the kind of a task without words in plain letters."""
    return TASKS.get(kind) or in_words(kind)


def subject_name(kind: str) -> str:
    """What the subject of a task is the id of."""
    return SUBJECTS.get(kind, "ID")


def webhook_label(status: str) -> str:
    """What became of a webhook."""
    return WEBHOOKS[status]


def action_label(action: str) -> str:
    """An action of staff; one without words as it was recorded."""
    return ACTIONS.get(action) or action
