"""Which role each page and action of /admin takes: one table, and nothing else decides."""

from storefront.accounts.roles import Role

VIEWER, SUPPORT, FINANCE = Role.VIEWER, Role.SUPPORT, Role.FINANCE

#: Pages without a login.
PUBLIC_ENDPOINTS = frozenset(
    {
        "admin.login.show",
        "admin.login.submit",
        "admin.login.ask_code",
        "admin.login.check_code",
    }
)

#: Endpoint → the least role that may use it. An endpoint that is missing is open to no role.
REQUIRED_ROLES: dict[str, Role] = {
    "admin.account.confirm": VIEWER,
    "admin.account.remove": VIEWER,
    "admin.account.show": VIEWER,
    "admin.account.start": VIEWER,
    "admin.audit.index": VIEWER,
    "admin.dashboard.show": VIEWER,
    "admin.login.logout": VIEWER,
    "admin.mails.index": VIEWER,
    "admin.mails.show": SUPPORT,
    "admin.mails.body": SUPPORT,
    "admin.operations.close_attempt": FINANCE,
    "admin.operations.create": SUPPORT,
    "admin.orders.export": SUPPORT,
    "admin.orders.index": VIEWER,
    "admin.orders.show": VIEWER,
    "admin.reconciliation.run": FINANCE,
    "admin.reconciliation.show": VIEWER,
    "admin.receipts.resend": SUPPORT,
    "admin.notes.create": SUPPORT,
    "admin.shipments.create": SUPPORT,
    "admin.shipments.pack": SUPPORT,
    "admin.staff.index": FINANCE,
    "admin.stock.index": VIEWER,
    "admin.stock.update": SUPPORT,
    "admin.tasks.decide": SUPPORT,
    "admin.tasks.index": VIEWER,
    "admin.webhooks.index": VIEWER,
    "admin.webhooks.replay": SUPPORT,
}

#: Pages that staff need to set up the second factor.
SETUP_ENDPOINTS = frozenset(
    {"admin.account.confirm", "admin.account.show", "admin.account.start", "admin.login.logout"}
)


def may(role: Role, endpoint: str) -> bool:
    """Whether a role may use an endpoint of /admin."""
    required = REQUIRED_ROLES.get(endpoint)
    return required is not None and role.includes(required)
