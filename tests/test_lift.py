"""The engine in a foreign shop: the folder is copied under another name, and the shop pays with it.

The shop has its own user and order tables with integer ids, Flask-SQLAlchemy and Flask-Migrate.
"""

import importlib
import logging
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import update

from tests.support.programs import ROOT
from tests.support.webhooks import SECRET, an_event, signed

pytestmark = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated:DeprecationWarning")

LIFT = Path(__file__).parent / "lift"
TOTAL = 49000
DECLINED, THREE_DS = "4000000000000002", "4000000000003063"


def code_lines(path):
    """Lines that are neither blank, nor comments, nor docstrings."""
    lines = path.read_text().splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith(("#", '"""'))]


@pytest.fixture(scope="session")
def copied(tmp_path_factory):
    """The foreign shop as a package, with the engine copied into it as `paying`."""
    folder = tmp_path_factory.mktemp("foreign")
    package = folder / "foreign_shop"
    shutil.copytree(LIFT, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(
        ROOT / "storefront" / "payments",
        package / "paying",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    sys.path.insert(0, str(folder))
    yield package
    sys.path.remove(str(folder))


class Host:
    """The foreign shop with one logged-in user."""

    def __init__(self, app, world):
        self.app, self.world, self.migrations = app, world, ""
        self.shop = importlib.import_module("foreign_shop.shop")
        self.payments = importlib.import_module("foreign_shop.pay").payments

    def browser(self):
        """A browser in which the user is logged in."""
        client = self.app.test_client()
        client.get("/login/nok@example.com")
        return client

    def places_order(self):
        """A new order; its id."""
        answer = self.app.test_client().post(
            "/orders", data={"email": "nok@example.com", "total": TOTAL}
        )
        return int(answer.location.split("/")[-2])

    def pays(self, order, number="4242424242424242", client=None):
        """Send the payment form."""
        token = self.world.token(number)
        return (client or self.browser()).post(f"/orders/{order}/pay", data={"token": token})

    def status(self, order):
        """What the host's own order says."""
        with self.app.app_context():
            return self.shop.db.session.get(self.shop.Order, order).status

    def run(self, *args):
        """A command of the app; its output. It must succeed."""
        result = self.app.test_cli_runner().invoke(args=args)
        for name in logging.root.manager.loggerDict:
            logging.getLogger(name).disabled = False  # Flask-Migrate disables those of other tests
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def host(copied, database, database_url, world, tmp_path, request):
    """The foreign shop over a database of its own, migrated by its own Flask-Migrate."""
    url = f"sqlite:///{tmp_path / 'host.db'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgresql").new_empty()
    pay = importlib.import_module("foreign_shop.pay")
    app = pay.create_paying_app(
        SQLALCHEMY_DATABASE_URI=url,
        OMISE_PUBLIC_KEY=world.public_key,
        OMISE_SECRET_KEY=world.secret_key,
        OMISE_API_URL=world.url,
        OMISE_VAULT_URL=world.url,
        OMISE_WEBHOOK_SECRET=SECRET,
        OMISE_CONNECT_TIMEOUT=1.0,
        OMISE_READ_TIMEOUT=2.0,
        PUBLIC_URL="http://foreign.test",
    )
    host = Host(app, world)
    migrations = str(tmp_path / "migrations")
    host.run("db", "init", "-d", migrations)
    host.run("db", "migrate", "-d", migrations)
    host.run("db", "upgrade", "-d", migrations)
    host.migrations = migrations
    with app.app_context():
        host.shop.db.session.add(host.shop.User(email="nok@example.com"))
        host.shop.db.session.commit()
    yield host
    with app.app_context():
        host.payments.engine.close()
        host.shop.db.engine.dispose()


def charges(world):
    return [charge["amount"] for charge in world.charges() if charge["paid"]]


def test_host_code_is_short(record_property):
    python = len(code_lines(LIFT / "pay.py"))
    template = len(code_lines(LIFT / "templates" / "pay.html"))
    record_property("tried", ("lines of Python that a host writes", python))
    record_property("tried", ("lines of template that a host writes", template))

    assert python <= 40
    assert template <= 12


def test_host_order_is_paid(host, world):
    order = host.places_order()

    host.pays(order)

    assert host.status(order) == "paid"
    assert charges(world) == [TOTAL]


def test_double_click_charges_once(host, world):
    order = host.places_order()
    browsers = [host.browser() for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda browser: host.pays(order, client=browser), browsers))

    assert host.status(order) == "paid"
    assert charges(world) == [TOTAL]


def test_engine_is_built_once_by_all_threads(host):
    ready = Barrier(8)

    def engine(_):
        with host.app.app_context():
            ready.wait(timeout=30)
            return id(host.payments.engine)

    with ThreadPoolExecutor(8) as pool:
        engines = set(pool.map(engine, range(8)))

    assert len(engines) == 1


def test_declined_card_then_another_pays(host, world):
    order = host.places_order()

    host.pays(order, DECLINED)
    assert host.status(order) == "payment_failed"
    host.pays(order)

    assert host.status(order) == "paid"
    assert charges(world) == [TOTAL]


def test_settings_of_the_environment_are_converted(host, world, monkeypatch):
    """Each is text there, and `"false"` is true to Python."""
    monkeypatch.setenv("OMISE_CAPTURE", "false")
    monkeypatch.setenv("OMISE_POOL_SIZE", "16")
    order = host.places_order()

    host.pays(order)

    assert host.status(order) == "authorized"
    assert charges(world) == []


def test_shopper_returns_from_3d_secure(host, world):
    order, browser = host.places_order(), host.browser()

    host.pays(order, THREE_DS, browser)
    to_bank = browser.get(f"/orders/{order}/pay")
    (charge,) = world.charges()
    assert to_bank.location == charge["authorize_uri"]
    world.at_the_bank(to_bank.location, "approve")
    back = browser.get(charge["return_uri"].removeprefix("http://foreign.test"))

    assert back.location == f"/orders/{order}/pay"
    assert host.status(order) == "paid"


def test_return_with_a_forged_key_is_not_found(host, world):
    order = host.places_order()
    host.pays(order, THREE_DS)

    forged = host.browser().get(f"/payments/{order}/return?key=forged")

    assert forged.status_code == 404
    assert host.status(order) == "awaiting_payment"


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_lost_answer_is_resolved(host, world, fault):
    order = host.places_order()
    world.fails("POST", "/charges", fault)

    host.pays(order)
    assert host.status(order) == "confirming"
    host.browser().get(f"/orders/{order}/pay")

    assert host.status(order) == ("paid" if fault == "drop_after" else "confirming")
    assert charges(world) == ([TOTAL] if fault == "drop_after" else [])


def test_closed_tab_is_resolved_by_the_webhook(host, world):
    order = host.places_order()
    host.pays(order, THREE_DS)
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")
    body = an_event(charge["id"])

    unsigned = host.app.test_client().post("/webhooks/omise", data=body)
    answer = host.app.test_client().post("/webhooks/omise", data=body, headers=signed(body))

    assert (unsigned.status_code, answer.status_code) == (401, 204)
    assert host.status(order) == "paid"


def test_host_hears_of_a_dispute_and_its_outcome(host, world):
    order, heard = host.places_order(), []
    host.pays(order)
    host.payments._hooks.dispute_changed = lambda connection, payment, dispute: heard.append(
        (payment.reference, dispute.status)
    )
    (charge,) = world.charges()
    dispute = world.api("POST", f"/charges/{charge['id']}/disputes", {})
    body = an_event(charge["id"], key="dispute.create", kind="dispute")

    host.app.test_client().post("/webhooks/omise", data=body, headers=signed(body))
    world.api("PATCH", f"/disputes/{dispute['id']}/accept", {})
    host.run("omise", "reconcile")

    assert heard == [(str(order), "open"), (str(order), "lost")]
    assert host.status(order) == "refunded"


def test_worker_and_reconcile_find_a_payment_without_a_webhook(host, world):
    order = host.places_order()
    host.pays(order, THREE_DS)
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")

    report = host.run("omise", "reconcile")
    host.run("omise", "worker", "--once")

    assert "1 repaired, 0 discrepancies" in report
    assert host.status(order) == "paid"


def test_two_refunds_with_one_key_refund_once(host, world):
    order = host.places_order()
    host.pays(order)

    with host.app.app_context():
        first = host.payments.refund(order, 10000, idempotency_key="one")
        second = host.payments.refund(order, 10000, idempotency_key="one")

    assert first.refund_id == second.refund_id
    assert host.status(order) == "partially_refunded"
    assert [charge["refunded_amount"] for charge in world.charges()] == [10000]


def test_pay_without_token_is_refused_before_omise_is_called(host, world):
    order = host.places_order()

    page = host.browser().post(f"/orders/{order}/pay", data={"token": ""})

    assert "Enter your card, or choose a saved one." in page.get_data(as_text=True)
    assert world.charges() == []


def test_failing_host_hook_is_retried_by_the_worker(host, world):
    order, hook = host.places_order(), host.payments._hooks.on_change
    failures = iter([ValueError("the host is broken")])

    def failing(payment):
        for failure in failures:
            raise failure
        hook(payment)

    host.payments._hooks.on_change = failing
    try:
        host.pays(order)
        assert host.status(order) == "new"
        with host.app.app_context():
            host.payments.engine.worker._handlers["notify_host"](
                type("Task", (), {"subject": str(order)})
            )
    finally:
        host.payments._hooks.on_change = hook

    assert host.status(order) == "paid"


@pytest.fixture
def hook_that_fails_once(host):
    """A hook of the host that fails for one order, and leaves its session in an error."""
    hook, failures, session = host.payments._hooks.on_change, [], host.shop.db.session

    def on_change(payment):
        if not failures:
            failures.append(payment.reference)
            session.add(host.shop.User(email="nok@example.com"))  # there is one already
            session.flush()
        hook(payment)

    host.payments._hooks.on_change = on_change
    yield failures
    host.payments._hooks.on_change = hook


def approve_all(host, world):
    """Have the bank approve what waits for it; the host does not hear of it."""
    for charge in world.charges():
        world.at_the_bank(charge["authorize_uri"], "approve")


def make_due(host):
    """Bring all tasks forward."""
    tables = importlib.import_module("foreign_shop.paying.tables")
    with host.payments.engine.database.transaction() as connection:
        connection.execute(update(tables.tasks).values(due_at=datetime.now(UTC)))


def test_failed_hook_costs_no_other_order_its_news(host, world, hook_that_fails_once):
    orders = [host.places_order() for _ in range(2)]
    for order in orders:
        hook_that_fails_once[:] = ["not yet"]
        host.pays(order, THREE_DS)
    approve_all(host, world)
    hook_that_fails_once.clear()

    with host.app.app_context():  # as long as `flask omise worker` runs
        for _ in range(2):
            make_due(host)
            host.payments.engine.worker.run_due()

    assert [host.status(order) for order in orders] == ["paid", "paid"]


def test_failed_hook_leaves_the_session_of_the_request_usable(host, world, hook_that_fails_once):
    order = host.places_order()
    with host.app.test_request_context():
        payment = host.payments.pay(order, TOTAL, "THB", token=world.token())

        assert payment.status == "paid"
        assert host.shop.db.session.get(host.shop.Order, order).status == "new"


def test_next_migration_of_the_host_changes_nothing(host):
    before = sorted(Path(host.migrations).rglob("*.py"))

    host.run("db", "migrate", "-d", host.migrations)

    assert sorted(Path(host.migrations).rglob("*.py")) == before


#: What a host calls that may write.
CALLS = {
    "pay": lambda payments, order, token: payments.pay(order, TOTAL, "THB", token=token),
    "payment": lambda payments, order, token: payments.payment(order),
    "cancel_pending": lambda payments, order, token: payments.cancel_pending(order),
    "capture": lambda payments, order, token: payments.capture(order, 100, idempotency_key="1"),
    "void": lambda payments, order, token: payments.void(order, idempotency_key="2"),
    "refund": lambda payments, order, token: payments.refund(order, 100, idempotency_key="3"),
    "saved_cards": lambda payments, order, token: payments.saved_cards.save(
        "1", token, email="nok@example.com"
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_uncommitted_changes_of_the_host_are_reported(host, world, database, call):
    order = host.places_order()
    with host.app.test_request_context():
        host.shop.db.session.add(host.shop.User(email="other@example.com"))
        host.shop.db.session.flush()
        if database == "sqlite":
            with pytest.raises(RuntimeError, match="commit before you call the engine"):
                CALLS[call](host.payments, order, world.token())
        elif call == "pay":
            assert CALLS[call](host.payments, order, world.token()).status == "paid"
        host.shop.db.session.rollback()
