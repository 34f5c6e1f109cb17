"""The admin pages: login, orders and their history, operations, stock, reconciliation."""

import re

import pytest

from storefront.payments.outbox import schedule

PASSWORD = "a long password of staff"
MUGS = "Stoneware mug \N{MULTIPLICATION SIGN} 1"


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """Amounts are summed and moved by the database."""


@pytest.fixture
def staff(app, world, services):
    """A logged-in member of staff."""
    from tests.support.flask_shopper import FlaskShopper

    services.staff_accounts.create_or_reset("Anong@Example.com", PASSWORD)
    person = FlaskShopper(app, world)
    assert person.sends("/admin/login", email="anong@example.com", password=PASSWORD).location
    return person


@pytest.fixture
def order(shopper):
    """The number of a paid order."""
    shopper.puts_in_cart("mug")
    shopper.pays()
    return shopper.order_number


def confirms(staff, number, operation, **fields):
    """Send the form and its confirmation; returns the last response."""
    asked = staff.sends(f"/admin/orders/{number}/{operation}", **fields)
    if asked.status_code != 200:
        return asked
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.get_data(as_text=True)))
    form.pop("csrf_token")
    return staff.sends(f"/admin/orders/{number}/{operation}", **form)


PAGES = ["", "/", "/orders", "/events", "/audit", "/mails", "/stock", "/reconcile", "/tasks"]
PAGES += ["/staff", "/account"]


def test_admin_pages_require_staff(shopper):
    shopper.signs_up()

    for path in PAGES:
        answer = shopper.client.get(f"/admin{path}")

        assert answer.status_code == 303, path
        assert answer.location == "/admin/login", path


def test_staff_open_every_page(staff, order):
    for path in PAGES:
        assert staff.sees(f"/admin{path}").status_code == 200, path
        assert staff.page.headers["Cache-Control"] == "no-store", path


def test_shopper_account_does_not_log_in_as_staff(shopper):
    shopper.signs_up("anong@example.com", PASSWORD)

    answer = shopper.sends("/admin/login", email="anong@example.com", password=PASSWORD)

    assert answer.status_code == 422


def test_password_reset_ends_staff_sessions(staff, services):
    services.staff_accounts.create_or_reset("anong@example.com", "another long password")

    assert staff.client.get("/admin").location == "/admin/login"


def test_create_staff_command_creates_an_account(app, staff):
    runner = app.test_cli_runner()

    refused = runner.invoke(args=["create-staff", "b@example.com", "--password", "short"])
    made = runner.invoke(args=["create-staff", "b@example.com", "--password", PASSWORD])

    assert refused.exit_code == 1
    assert "10 characters" in refused.output
    assert made.exit_code == 0


@pytest.mark.parametrize("query", ["number", "somchai@example.com", "charge", "4242"])
def test_order_is_found_by_number_email_charge_or_digits(staff, order, repository, query):
    charge = repository.get(order).funded_attempt.charge_id
    query = {"number": order.lower(), "charge": charge}.get(query, query)

    staff.sees(f"/admin/orders?q={query}")

    assert order in staff.text


def test_orders_are_filtered(staff, order):
    for query, found in [
        ("status=paid", True),
        ("status=refunded", False),
        ("since=2020-01-01&until=2020-01-02", False),
        ("q=unknown@example.com", False),
        ("status=nonsense&since=nonsense&before=nonsense", True),
    ]:
        staff.sees(f"/admin/orders?{query}")
        assert (order in staff.text) is found, query


def test_list_shows_items_and_payment_and_counts(staff, order):
    staff.sees("/admin/orders")

    for entry in ("Orders found: 1", MUGS, "Visa •••• 4242", "฿390.00"):
        assert entry in staff.text, entry
    assert "Orders found" not in staff.sees("/admin/orders?q=1111").get_data(as_text=True)


def test_orders_are_exported_as_csv(staff, order):
    answer = staff.client.get("/admin/orders/export.csv?status=paid")

    header, line, end = answer.get_data(as_text=True).split("\r\n")
    assert answer.mimetype == "text/csv"
    assert header.startswith("order,placed,status,fulfilment,email")
    assert line.startswith(f"{order},")
    paid_by = f"{MUGS},card,Visa •••• 4242,390.00,THB"
    assert f",paid,,somchai@example.com,{paid_by},Somchai Prasert," in line
    assert end == ""
    none = staff.client.get("/admin/orders/export.csv?status=refunded").get_data(as_text=True)
    assert none.count("\r\n") == 1


def test_exported_cells_are_no_formulas(staff, order, services):
    from storefront.admin.order_list import OrderRow, csv_lines
    from storefront.admin.queries import OrderSearch

    (row,) = services.admin_queries.orders(OrderSearch()).rows
    row.order.email = "=HYPERLINK(1)@example.com"

    _, line = csv_lines([OrderRow(row.order, "+1", "-card", "@x", "")])

    assert ",'=HYPERLINK(1)@example.com,'+1,'-card,'@x," in line


def test_lists_continue_page_by_page(staff, shopper):
    numbers = []
    for number in range(27):
        with shopper.client.session_transaction() as session:
            session.pop("cart", None)
        shopper.puts_in_cart("mug")
        shopper.pays_by_json(token=f"tokn_test_unknown00000000000{number}", email="a@example.com")
        numbers.append(shopper.page.json["order"])

    seen, path = [], "/admin/orders"
    while path:
        page = staff.sees(path).get_data(as_text=True)
        seen += re.findall(r'/admin/orders/([A-Z0-9]{10})"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""

    assert seen == list(reversed(dict.fromkeys(numbers)))


def test_order_history_is_complete(staff, order, services):
    confirms(staff, order, "refund", amount="100.00", reason="a chip")
    services.engine.worker.run_due()

    staff.sees(f"/admin/orders/{order}")

    for entry in (
        "Order placed",
        "Charge of ฿390.00",
        "Awaiting payment → Confirming payment",
        "Confirming payment → Paid",
        "Refund anong@example.com ฿100.00 a chip",
        "Refund of ฿100.00",
        "Paid → Partially refunded",
        f"Email: Your receipt for order {order}",
        f"Email: Your refund for order {order}",
    ):
        assert entry in staff.text, entry


def test_refund_is_confirmed_and_made_once(staff, order, repository):
    asked = staff.sends(f"/admin/orders/{order}/refund", amount="100.00")
    assert "cannot be undone" in staff.text
    assert repository.get(order).refundable.amount == 39000
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.get_data(as_text=True)))
    form.pop("csrf_token")

    for _ in range(2):
        assert staff.sends(f"/admin/orders/{order}/refund", **form).status_code == 303

    assert repository.get(order).refundable.amount == 29000
    assert repository.get(order).status == "partially_refunded"


def test_invalid_refund_amount_is_explained(staff, order, repository):
    for amount in ("0", "-1", "390.01", "1e3", "12.345", "nonsense", "٣"):
        answer = staff.sends(f"/admin/orders/{order}/refund", amount=amount, reason="kept")

        assert answer.status_code == 422, amount
        assert "Enter an amount" in staff.text, amount
        assert "kept" in answer.get_data(as_text=True), amount
        assert repository.get(order).refundable.amount == 39000, amount


def test_refund_above_the_remainder_is_rejected(staff, order, repository):
    confirms(staff, order, "refund", amount="390")

    answer = confirms(staff, order, "refund", amount="1.00")

    assert answer.status_code in {409, 422}
    assert repository.get(order).status == "refunded"


def test_authorized_payment_is_captured_in_part(staff, held, repository):
    staff.sees(f"/admin/orders/{held}")
    assert "hours left" in staff.text  # until the authorization lapses

    confirms(staff, held, "capture", amount="300.00")

    assert repository.get(held).status == "paid"
    assert repository.get(held).refundable.amount == 30000


def test_authorized_payment_is_voided(staff, held, repository):
    confirms(staff, held, "void")

    assert repository.get(held).status == "cancelled"


def test_lapsed_authorization_expires_the_order(staff, held, repository, services, world, clock):
    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)
    services.engine.worker.run_due()

    assert repository.get(held).status == "expired"


def test_dashboard_shows_totals_and_decline_reasons(staff, order, shopper):
    shopper.puts_in_cart("lamp")
    shopper.pays("4111111111140011")

    staff.sees("/admin")

    assert "฿390.00" in staff.text
    assert "Insufficient funds (insufficient_fund)" in staff.text
    assert "<svg" in staff.page.get_data(as_text=True)


def test_reconciliation_shows_its_result(staff, order):
    answer = staff.sends("/admin/reconcile", hours="24")

    assert answer.status_code == 200
    assert "Everything matches. Charges compared: 1, attempts: 1, repaired: 0." in staff.text
    assert staff.sends("/admin/reconcile", hours="5").status_code == 422


def test_reconciliation_shows_each_currency(staff, order, world):
    for currency in ("JPY", "THB"):
        charge = {"amount": 12000, "currency": currency, "card": world.token()}
        world.api("POST", "/charges", charge)

    staff.sends("/admin/reconcile", hours="24")

    assert "Difference: ¥12,000, ฿120.00." in staff.text


def test_reconciliation_reports_that_omise_is_unreachable(staff, order, world):
    world.fails("GET", "/charges", "status", status=503, times=4)

    assert staff.sends("/admin/reconcile", hours="24").status_code == 503
    assert "cannot be reached" in staff.text


def test_every_action_is_confirmed(staff, order):
    confirms(staff, order, "refund", amount="100.00")
    staff.sees(f"/admin/orders/{order}")
    assert "Refund of ฿100.00 done." in staff.text
    staff.sees(f"/admin/orders/{order}")
    assert "Refund of ฿100.00 done." not in staff.text

    saves_stock(staff, mug="3")
    staff.sees("/admin/stock")
    assert "Stock saved: Stoneware mug." in staff.text


def test_refusal_and_unknown_result_are_not_called_done(staff, order, world):
    world.fails("POST", "/charges/*/refunds", "drop_before")
    confirms(staff, order, "refund", amount="100.00")
    staff.sees(f"/admin/orders/{order}")
    assert "Refund of ฿100.00: the result is not known yet." in staff.text


def test_order_page_leads_to_the_charge_and_the_customer(staff, order, repository, settings):
    page = staff.sees(f"/admin/orders/{order}").get_data(as_text=True)

    assert f'href="{settings.omise_api_url}/_sandbox/#payments/chrg_' in page
    assert "/admin/orders?q=somchai@example.com" in page.replace("%40", "@")


def test_page_of_a_section_marks_its_tab(staff, order):
    page = staff.sees(f"/admin/orders/{order}").get_data(as_text=True)

    assert re.search(r'href="/admin/orders" aria-current="true"', page)


def saves_stock(staff, **counts):
    """Send the form of the stock page with some levels changed."""
    page = staff.sees("/admin/stock").get_data(as_text=True)
    shown = dict(re.findall(r'name="(shown-\w+)" value="(\d*)"', page))
    fields = {name.replace("shown", "count"): value for name, value in shown.items()}
    changed = {f"count-{sku}": count for sku, count in counts.items()}
    return staff.sends("/admin/stock", **shown, **fields | changed)


def test_stock_levels_are_set_together(database, staff, services):
    assert saves_stock(staff, mug="3", lamp="7").status_code == 303
    assert services.inventory.available() == {"mug": 3, "lamp": 7}

    answer = saves_stock(staff, mug="many", lamp="8")
    assert answer.status_code == 422
    assert "Enter a whole number" in staff.text
    assert 'value="many"' in answer.get_data(as_text=True)
    assert 'value="8"' in answer.get_data(as_text=True)
    assert services.inventory.available() == {"mug": 3, "lamp": 7}

    saves_stock(staff, mug="")
    assert services.inventory.available() == {"lamp": 7}


def test_level_that_changed_meanwhile_is_not_overwritten(staff, shopper, services):
    services.inventory.set_levels({"mug": 3, "lamp": 7})
    shown = {"shown-mug": "3", "shown-lamp": "7"}
    shopper.puts_in_cart()
    shopper.pays()

    answer = staff.sends("/admin/stock", **shown, **{"count-mug": "10", "count-lamp": "7"})

    assert answer.status_code == 422
    assert "The stock has changed meanwhile." in staff.text
    assert services.inventory.available() == {"mug": 2, "lamp": 7}


def test_unchanged_level_is_not_written_over_a_sale(staff, shopper, services):
    services.inventory.set_levels({"mug": 3, "lamp": 7})
    shopper.puts_in_cart()
    shopper.pays()

    staff.sends(
        "/admin/stock",
        **{"shown-mug": "3", "count-mug": "3", "shown-lamp": "7", "count-lamp": "9"},
    )

    assert services.inventory.available() == {"mug": 2, "lamp": 9}


def test_low_and_sold_out_products_are_marked(staff, services):
    services.inventory.set_levels({"mug": 2, "lamp": 0, "stool": 50})

    staff.sees("/admin/stock")

    assert staff.text.count("Low") == 1
    assert staff.text.count("Sold out") == 1


def test_actions_of_staff_are_in_the_audit_log(staff, order):
    confirms(staff, order, "refund", amount="10")
    saves_stock(staff, mug="3")

    staff.sees("/admin/audit")

    for entry in ("Log in", f"Refund {order} ฿10.00", "Set the stock"):
        assert entry in staff.text


def test_mail_is_shown(staff, order, services):
    services.engine.worker.run_due()
    page = staff.sees("/admin/mails").get_data(as_text=True)
    path = re.search(r'href="(/admin/mails/\d+)"', page)[1]

    staff.sees(path)

    assert "Stoneware mug \N{MULTIPLICATION SIGN} 1: ฿390.00" in staff.text
    assert "frame-src 'self'" in staff.page.headers["Content-Security-Policy"]


def test_body_of_a_mail_runs_no_script_and_is_framed_by_the_shop_alone(staff, order, services):
    services.engine.worker.run_due()
    [path] = set(re.findall(r"/admin/mails/\d+", staff.sees("/admin/mails").text))

    body = staff.sees(f"{path}/body")

    assert "Stoneware mug" in staff.text
    policy = body.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "frame-ancestors 'self'; sandbox" in policy
    assert body.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_staff_log_out(staff):
    staff.sends("/admin/logout")

    assert staff.client.get("/admin").location == "/admin/login"


def test_staff_close_an_unresolved_attempt_with_a_reason(
    staff, shopper, world, services, repository, clock
):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    number = shopper.order_number
    address = f"/admin/orders/{number}/close-attempt"
    assert "Close attempt" in staff.sees(f"/admin/orders/{number}").get_data(as_text=True)

    assert staff.sends(address, reason=" ").status_code == 422
    assert staff.sends(address, reason="too early").status_code == 409
    assert "Wait for its result" in staff.text
    assert repository.get(number).status == "confirming"
    clock.advance(services.settings.omise_settled_after + 1)
    assert staff.sends(address, reason="not in the dashboard").status_code == 303

    assert repository.get(number).status == "payment_failed"
    assert "not in the dashboard" in staff.sees("/admin/audit").get_data(as_text=True)
    assert staff.sends(address, reason="again").status_code == 409


def test_staff_retry_and_discard_tasks_that_failed(staff, services, clock):
    with services.database.transaction() as connection:
        schedule(connection, "send_poem", "x", due_at=clock())
    outbox = services.engine.outbox
    outbox.give_up(outbox.claim(), error="KeyError")
    assert "Failed tasks: 1" in staff.sees("/admin").get_data(as_text=True)
    page = staff.sees("/admin/tasks").get_data(as_text=True)
    assert "KeyError" in page
    address = re.search(r'action="(/admin/tasks/\d+)/retry"', page)[1]

    assert staff.sends(f"{address}/retry").status_code == 303
    assert services.engine.dead_letters.count() == 0
    assert staff.sends(f"{address}/discard").status_code == 404

    outbox.give_up(outbox.claim(), error="KeyError")
    staff.sends(f"{address}/discard")

    assert (services.engine.dead_letters.count(), services.engine.worker.next_due()) == (0, None)
    assert "Delete a task" in staff.sees("/admin/audit").get_data(as_text=True)


def test_results_that_stay_unknown_need_attention(staff, shopper, world, clock, services):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    assert shopper.order_number not in staff.sees("/admin/tasks").get_data(as_text=True)

    clock.advance(services.settings.omise_settled_after + 1)

    assert shopper.order_number in staff.sees("/admin/tasks").get_data(as_text=True)


def test_forgotten_proxy_is_shown_to_staff(staff):
    def has_notice(**headers):
        page = staff.client.get("/admin", headers=headers)
        return "PROXY_HOPS" in page.get_data(as_text=True)

    assert has_notice(**{"X-Forwarded-For": "8.8.8.8"})
    assert not has_notice()
