"""Charges that cannot be read: they are named, and do not hide the others of a list."""

import json
import threading

import pytest
from werkzeug import Request, Response
from werkzeug.serving import make_server

from storefront.payments.omise import OmiseClient, OmiseUnreadable
from tests.support.charges import charge_made_for


@pytest.fixture
def rewritten(world, services):
    """An Omise that rewrites objects, by their id or all of a type; and a client for it."""
    rewrite = {}

    @Request.application
    def relay(request):
        body = world.api(request.method, request.path, request.get_json(silent=True))
        for row in body["data"] if body["object"] == "list" else [body]:
            row.update(rewrite.get(row["id"]) or rewrite.get(row["object"], {}))
        return Response(json.dumps(body), mimetype="application/json")

    server = make_server("127.0.0.1", 0, relay, threaded=True)
    listening = threading.Thread(target=server.serve_forever, args=(0.01,))
    listening.start()
    address = f"http://127.0.0.1:{server.server_port}"
    with OmiseClient(
        public_key=world.public_key, secret_key=world.secret_key, api_url=address
    ) as client:
        yield rewrite, client
    server.shutdown()
    listening.join()
    server.server_close()


#: What no amount of a charge can be.
BAD = [{"captured_amount": None}, {"refunded_amount": "1"}, {"amount": 1.5}, {"amount": True}]


@pytest.mark.parametrize("change", BAD)
def test_charge_with_an_impossible_amount_is_named(rewritten, world, change):
    rewrite, client = rewritten
    charge = charge_made_for(world, "A1")
    rewrite[charge["id"]] = change

    with pytest.raises(OmiseUnreadable, match=charge["id"]):
        client.charge(charge["id"])


def test_unreadable_charge_does_not_hide_the_others(rewritten, world, clock):
    rewrite, client = rewritten
    bad, good = charge_made_for(world, "A1"), charge_made_for(world, "B2")
    rewrite[bad["id"]] = {"captured_amount": None}
    unreadable = []

    found = list(client.charges(since=clock().replace(year=2020), unreadable=unreadable))

    assert [charge.id for charge in found] == [good["id"]]
    assert [row["id"] for row in unreadable] == [bad["id"]]
    with pytest.raises(OmiseUnreadable, match=bad["id"]):
        list(client.charges(since=clock().replace(year=2020)))


@pytest.fixture
def shop(services, rewritten):
    """The services of a shop that reads rewritten charges."""
    rewrite, client = rewritten
    engine = services.engine
    submitter = engine.service._submitter
    for part in (submitter, engine.resolver, engine.operations, engine.reconciler):
        part._omise = client
    return services, rewrite


def test_unreadable_foreign_charge_does_not_block_a_search(
    shop, world, repository, charge_never_sent, clock, caplog
):
    services, rewrite = shop
    foreign = charge_made_for(world, "ERP-1")
    rewrite[foreign["id"]] = {"captured_amount": None}

    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    assert repository.get(charge_never_sent).status == "payment_failed"
    assert foreign["id"] in [getattr(record, "charge", None) for record in caplog.records]


def test_unreadable_charge_of_an_attempt_leaves_it_unknown(
    shop, world, repository, charge_never_sent, clock
):
    services, rewrite = shop
    key = repository.get(charge_never_sent).latest_attempt.key
    own = charge_made_for(world, charge_never_sent, attempt=key)
    rewrite[own["id"]] = {"captured_amount": None}

    clock.advance(services.settings.omise_settled_after + 1)
    services.engine.worker.run_due()

    assert repository.get(charge_never_sent).status == "confirming"


def test_reconciliation_names_an_unreadable_charge(shop, world, clock):
    services, rewrite = shop
    foreign = charge_made_for(world, "ERP-1")
    rewrite[foreign["id"]] = {"captured_amount": None}

    report = services.engine.reconciler.run(clock().replace(year=2020), clock())

    assert [(each.description, each.charge_id) for each in report.discrepancies] == [
        ("cannot be read", foreign["id"])
    ]


def test_unreadable_charge_of_an_attempt_holds_up_no_other(
    shop, world, repository, charge_never_sent, paid, clock
):
    services, rewrite = shop
    key = repository.get(charge_never_sent).latest_attempt.key
    own = charge_made_for(world, charge_never_sent, attempt=key)
    recorded = repository.get(paid).latest_attempt.charge_id
    for charge in (own["id"], recorded):
        rewrite[charge] = {"captured_amount": None}

    report = services.engine.reconciler.run(clock().replace(year=2020), clock())

    unresolved = ("unresolved charge", "")
    named = {("cannot be read", charge) for charge in (own["id"], recorded)}
    found = {(each.description, each.charge_id) for each in report.discrepancies}
    assert found == {unresolved, *named}


#: What Omise may answer to a new charge, and where `reconcile` then sees that it cannot be true.
IMPOSSIBLE = [
    ({"status": "paid_twice"}, "differs in status"),
    ({"refunded_amount": 99_999_999}, "differs in captured"),
    ({"captured_amount": None}, "cannot be read"),
]


@pytest.mark.parametrize(("change", "description"), IMPOSSIBLE)
def test_impossible_answer_to_a_new_charge_leaves_it_unknown(
    shop, shopper, repository, clock, change, description
):
    services, rewrite = shop
    rewrite["charge"] = change
    shopper.puts_in_cart()

    shopper.pays()

    payment = repository.get(shopper.order_number)
    assert (payment.status, payment.latest_attempt.status) == ("confirming", "unknown")
    report = services.engine.reconciler.run(clock().replace(year=2020), clock())
    assert description in [each.description for each in report.discrepancies]


def test_impossible_charge_does_not_decide_on_a_refund(shop, paid, repository, clock):
    services, rewrite = shop
    rewrite["charge"] = {"refunded_amount": 99_999_999}
    services.engine.operations.refund(paid, amount=100, idempotency_key="r1")

    clock.advance(services.settings.omise_settled_after + 61)
    services.engine.worker.run_due()
    assert repository.get(paid).attempt("r1").is_unresolved

    rewrite.clear()
    clock.advance(3601)
    services.engine.worker.run_due()
    assert repository.get(paid).attempt("r1").status == "succeeded"
    assert repository.get(paid).refunded_amount == 100
