"""Concurrent requests: every action that moves money happens once. On both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from storefront.payments import tables
from storefront.payments.extension import payment_key
from tests.support.flask_shopper import ADDRESS, FlaskShopper

MUG = 39000
MANY = 6


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """The two differ most in their locks."""


def at_once(*actions):
    """Run all actions at the same moment, and return their results."""
    start = Barrier(len(actions))

    def run(action):
        start.wait(timeout=30)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def posts(tab, csrf, path, **fields):
    """A form to be sent later, with a CSRF token read before."""
    known = ADDRESS if path == "/charge" else {}
    return lambda: tab.client.post(path, data={"csrf_token": csrf, **known, **fields}).status_code


def test_concurrent_tokens_for_one_cart_charge_once(shopper, world, attack_counter):
    shopper.puts_in_cart()
    shopper.sees("/checkout")
    token = shopper.csrf()

    answers = at_once(
        *(
            posts(tab, token, "/charge", email="a@example.com", token=world.token())
            for tab in shopper.tabs(MANY)
        )
    )
    attack_counter["concurrent money actions"] += MANY

    assert set(answers) == {303}
    assert [charge["amount"] for charge in world.charges()] == [MUG]


def test_one_token_for_many_carts_charges_once(app, world, attack_counter):
    stolen = world.token()
    shoppers = [FlaskShopper(app, world) for _ in range(MANY)]
    for one in shoppers:
        one.puts_in_cart()
    tokens = [one.csrf() for one in shoppers]

    at_once(
        *(
            posts(one, token, "/charge", email="a@example.com", token=stolen)
            for one, token in zip(shoppers, tokens, strict=True)
        )
    )
    attack_counter["concurrent money actions"] += MANY

    assert len(world.charges()) == 1


def confirmed_operations(staff, paths):
    """Confirmed operations of staff, each with an idempotency key of its own."""
    token = staff.csrf()
    return [
        posts(tab, token, path, amount=amount, confirmed="yes", idempotency_key=f"click{number}")
        for number, (tab, (path, amount)) in enumerate(
            zip(staff.tabs(len(paths)), paths, strict=True)
        )
    ]


def test_authorized_payment_is_captured_once(
    staff, held, repository, omise_requests, attack_counter
):
    captures = [(f"/admin/orders/{held}/capture", "300.00")] * MANY

    answers = at_once(*confirmed_operations(staff, captures))
    attack_counter["concurrent money actions"] += MANY

    assert answers.count(303) >= 1
    assert set(answers) <= {303, 409}
    assert len([r for r in omise_requests("POST") if r["path"].endswith("/capture")]) == 1
    assert repository.get(held).funded_attempt.captured_amount == 30000


def test_authorized_payment_is_either_captured_or_voided(
    staff, held, world, repository, attack_counter
):
    operations = [
        (f"/admin/orders/{held}/{what}", "") for what in ("capture", "void") * (MANY // 2)
    ]

    answers = at_once(*confirmed_operations(staff, operations))
    attack_counter["concurrent money actions"] += MANY

    (charge,) = world.charges()
    assert answers.count(303) == 1
    assert (charge["paid"], charge["reversed"]) in {(True, False), (False, True)}
    assert repository.get(held).status == ("paid" if charge["paid"] else "cancelled")


def test_authorized_payment_is_voided_once(staff, held, repository, omise_requests, attack_counter):
    answers = at_once(*confirmed_operations(staff, [(f"/admin/orders/{held}/void", "")] * MANY))
    attack_counter["concurrent money actions"] += MANY

    assert answers.count(303) >= 1
    assert set(answers) <= {303, 409}
    assert len([r for r in omise_requests("POST") if r["path"].endswith("/reverse")]) == 1
    assert repository.get(held).status == "cancelled"


def test_qr_code_is_requested_once(shopper, world, attack_counter):
    shopper.puts_in_cart()
    shopper.sees("/checkout")
    token, form = shopper.csrf(), {"method": "promptpay", "email": "a@example.com"}

    answers = at_once(*(posts(tab, token, "/charge", **form) for tab in shopper.tabs(MANY)))
    attack_counter["concurrent money actions"] += MANY

    assert set(answers) == {303}
    assert [charge["source"]["type"] for charge in world.charges()] == ["promptpay"]


def test_concurrent_returns_and_reconciliations_pay_once(
    app, shopper, staff, at_the_bank, world, repository, services, attack_counter
):
    """All of them read the charge again, and one of them changes the status."""
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")
    with app.app_context():
        path = f"/payments/{at_the_bank}/return?key={payment_key(at_the_bank)}"
    token = staff.csrf()
    back = [lambda tab=tab: tab.client.get(path).status_code for tab in shopper.tabs(4)]
    repairs = [posts(tab, token, "/admin/reconcile", hours="1") for tab in staff.tabs(3)]

    answers = at_once(*back, *repairs)
    attack_counter["concurrent money actions"] += len(answers)

    assert answers == [303] * 4 + [200] * 3
    assert repository.get(at_the_bank).status == "paid"
    with services.database.read_session() as session:
        statuses = session.scalars(select(tables.transitions.c.new)).all()
    assert statuses.count("paid") == 1
    assert len(world.charges()) == 1


@pytest.mark.parametrize("amount", ["390.00", "200.00", "130.00"])
def test_concurrent_refunds_never_exceed_the_payment(
    staff, paid, world, repository, amount, attack_counter
):
    refunds = [(f"/admin/orders/{paid}/refund", amount)] * MANY

    at_once(*confirmed_operations(staff, refunds))
    attack_counter["concurrent money actions"] += MANY

    (charge,) = world.charges()
    assert 0 < charge["refunded_amount"] <= MUG
    assert repository.get(paid).refundable.amount == MUG - charge["refunded_amount"]
    assert charge["refunded_amount"] % int(float(amount) * 100) == 0


def test_cancellation_during_bank_approval_matches_omise(
    shopper, at_the_bank, world, repository, attack_counter
):
    """A cancellation expires no charge that was paid meanwhile, and a paid order stays paid."""
    token, (charge,) = shopper.csrf(), world.charges()
    cancellations = [
        posts(tab, token, f"/orders/{at_the_bank}/cancel-payment") for tab in shopper.tabs(4)
    ]

    at_once(*cancellations, lambda: world.at_the_bank(charge["authorize_uri"], "approve"))
    attack_counter["concurrent money actions"] += 5
    shopper.sees(f"/orders/{at_the_bank}/status")

    (charge,) = world.charges()
    settled = repository.get(at_the_bank)
    assert (settled.status == "paid") is charge["paid"]


def test_cancelling_and_paying_again_charges_once(
    shopper, at_the_bank, world, repository, attack_counter
):
    token = shopper.csrf()
    first, *others = shopper.tabs(MANY)
    actions = [posts(first, token, f"/orders/{at_the_bank}/cancel-payment")] + [
        posts(tab, token, "/charge", email="a@example.com", token=world.token()) for tab in others
    ]

    at_once(*actions)
    attack_counter["concurrent money actions"] += MANY

    assert len([charge for charge in world.charges() if charge["paid"]]) <= 1
    assert repository.get(at_the_bank).unresolved_attempt is None or not any(
        charge["paid"] for charge in world.charges()
    )


def test_last_item_is_sold_once(app, world, services, attack_counter):
    services.inventory.set_level("mug", 1)
    shoppers = [FlaskShopper(app, world) for _ in range(MANY)]
    for one in shoppers:
        one.puts_in_cart()
    tokens = [one.csrf() for one in shoppers]

    answers = at_once(
        *(
            posts(one, token, "/charge", email="a@example.com", token=world.token())
            for one, token in zip(shoppers, tokens, strict=True)
        )
    )
    attack_counter["concurrent money actions"] += MANY

    assert set(answers) == {303}
    assert len(world.charges()) == 1
    pages = [one.sees("/checkout").request.path for one in shoppers]
    assert pages.count("/checkout") == MANY - 1
    assert services.inventory.available() == {"mug": 0}


def test_saved_card_is_deleted_once(member, attack_counter):
    card, token = member.card, member.csrf()

    answers = at_once(*(posts(tab, token, f"/cards/{card}/delete") for tab in member.tabs(MANY)))
    attack_counter["concurrent money actions"] += MANY

    assert set(answers) <= {303, 404}
    assert 303 in answers


def test_idempotency_key_of_another_order_is_rejected(staff, shopper, paid, repository, world):
    """It is neither taken as a repetition nor a server error."""
    shopper.puts_in_cart("lamp")
    shopper.pays()
    other, refund = shopper.order_number, {"confirmed": "yes", "amount": "1.00"}
    known = repository.get(paid).funded_attempt.key

    for number, click in ((other, known), (paid, "c1"), (other, "c1")):
        answer = staff.sends(f"/admin/orders/{number}/refund", idempotency_key=click, **refund)
        assert answer.status_code == (303 if number == paid else 409)

    assert sorted(charge["refunded_amount"] for charge in world.charges()) == [0, 100]
