"""Staff: roles, the second factor, the limits of refunds, the staff page."""

import re
from datetime import timedelta

import pyotp
import pytest
from pydantic import SecretStr

from storefront.accounts.roles import Role
from storefront.web.admin.permissions import PUBLIC_ENDPOINTS, REQUIRED_ROLES, may
from tests.support.flask_shopper import FlaskShopper

PASSWORD = "a long password of staff"


@pytest.fixture
def colleague(app, world, services):
    """Makes a logged-in member of staff with a role."""

    def make(role, email="anong@example.com"):
        services.staff_accounts.create_or_reset(email, PASSWORD, role=Role(role))
        person = FlaskShopper(app, world)
        log_in(person, email)
        return person

    return make


def log_in(person, email="anong@example.com"):
    return person.sends("/admin/login", email=email, password=PASSWORD).location


@pytest.fixture
def staff(colleague):
    """A logged-in member of staff with all rights."""
    return colleague("finance")


@pytest.fixture
def authenticator(staff, clock):
    """The app of the member of staff, set up; its codes, and the recovery codes."""
    return Authenticator(staff, clock)


class Authenticator:
    def __init__(self, staff, clock):
        self._clock = clock
        page = staff.sends("/admin/account/second-factor").get_data(as_text=True)
        self.totp = pyotp.TOTP(re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)[1])
        answer = staff.sends("/admin/account/second-factor/confirm", code=self.code())
        self.recovery_codes = re.findall(
            r"<code>([0-9a-f]{10})</code>", answer.get_data(as_text=True)
        )
        clock.advance(60)

    def code(self):
        return self.totp.at(self._clock())


# Roles


def test_every_admin_route_names_its_role(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "admin." in rule.endpoint}

    assert set(REQUIRED_ROLES) == routes - PUBLIC_ENDPOINTS
    assert set(REQUIRED_ROLES) & PUBLIC_ENDPOINTS == set()


@pytest.mark.parametrize("role", Role)
def test_staff_may_do_what_their_role_allows_and_nothing_else(app, colleague, paid, role):
    person = colleague(role)
    known = {"number": paid, "mail_id": 1, "event_id": "evnt_test_1", "sku": "mug", "task_id": 1}
    known |= {"decision": "retry", "operation": "refund"}

    for rule in app.url_map.iter_rules():
        required = REQUIRED_ROLES.get(rule.endpoint)
        if required is None or rule.endpoint == "admin.login.logout":
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        values = {name: known[name] for name in rule.arguments}
        path = app.url_map.bind("shop.test").build(rule.endpoint, values, method=method)
        answer = person.sees(path) if method == "GET" else person.sends(path)
        assert (answer.status_code == 403) is not role.includes(required), path


def test_menu_shows_only_what_the_role_allows(colleague):
    link = 'href="/admin/staff"'
    assert link not in colleague("viewer").sees("/admin").get_data(as_text=True)
    finance = colleague("finance", "malee@example.com")
    assert link in finance.sees("/admin").get_data(as_text=True)


def test_order_page_offers_only_what_the_role_allows(colleague, paid):
    for role, is_offered in (("viewer", False), ("support", True)):
        page = colleague(role).sees(f"/admin/orders/{paid}").get_data(as_text=True)
        assert (f"/admin/orders/{paid}/refund" in page) is is_offered


def test_pages_show_only_forms_that_the_role_may_send(colleague, app, paid):
    viewer = colleague("viewer")
    urls = app.url_map.bind("shop.test")
    for path in ("/admin/stock", "/admin/tasks", "/admin/events", "/admin/reconcile"):
        page = viewer.sees(path).get_data(as_text=True)
        targets = re.findall(r'<form[^>]*method="post" action="([^"]+)"', page)
        endpoints = {urls.match(target, method="POST")[0] for target in targets}
        assert all(may(Role.VIEWER, endpoint) for endpoint in endpoints), path


def test_new_role_ends_the_sessions(colleague, services):
    person = colleague("finance")

    services.staff_accounts.create_or_reset("anong@example.com", PASSWORD, role=Role.VIEWER)

    assert person.client.get("/admin/staff").location == "/admin/login"


# The limit of refunds


@pytest.fixture
def limited(shop_with, world):
    """Makes a logged-in member of support who may refund 300 baht a day, and finance 350."""
    app = shop_with(support_refund_limit=300_00, finance_refund_limit=350_00)

    def make(role, email="anong@example.com"):
        accounts = app.extensions["shop"].staff_accounts
        accounts.create_or_reset(email, PASSWORD, role=Role(role))
        person = FlaskShopper(app, world)
        log_in(person, email)
        return person

    return make


def refund(person, number, amount, key):
    confirmed = {"confirmed": "yes", "idempotency_key": key}
    return person.sends(f"/admin/orders/{number}/refund", amount=amount, **confirmed).status_code


def test_support_refunds_up_to_the_limit_of_a_day(limited, paid, repository, clock):
    person = limited("support")

    assert refund(person, paid, "180.00", "first") == 303
    assert refund(person, paid, "180.00", "first") == 303  # the same click
    assert refund(person, paid, "120.01", "second") == 422
    assert "You may refund ฿120.00 more today." in person.text
    assert repository.get(paid).refunded_amount == 180_00

    clock.advance(timedelta(days=1).total_seconds())
    log_in(person)
    assert refund(person, paid, "120.01", "third") == 303


def test_limit_is_of_each_member_of_staff_by_role(limited, paid):
    assert refund(limited("finance"), paid, "301.00", "first") == 303
    assert refund(limited("support", "malee@example.com"), paid, "50.00", "second") == 303


def test_limit_is_told_before_the_confirmation(limited, paid):
    person = limited("support")

    answer = person.sends(f"/admin/orders/{paid}/refund", amount="300.01")

    assert answer.status_code == 422
    assert "You may refund ฿300.00 more today." in person.text


# The second factor


def test_login_asks_for_the_code(staff, authenticator, services):
    assert log_in(staff) == "/admin/login/code"
    assert staff.client.get("/admin").location == "/admin/login"

    assert staff.sends("/admin/login/code", code=authenticator.code()).location == "/admin"

    assert staff.client.get("/admin").status_code == 200


def test_wrong_code_does_not_log_in(staff, authenticator):
    log_in(staff)

    for code in ("", "000000", "1", authenticator.code() + "0", "x" * 40, "๑๒๓๔๕๖"):
        assert staff.sends("/admin/login/code", code=code).status_code == 422
    assert staff.client.get("/admin").location == "/admin/login"


def test_code_works_once(staff, authenticator, app, world):
    log_in(staff)
    code = authenticator.code()
    staff.sends("/admin/login/code", code=code)

    thief = FlaskShopper(app, world)
    log_in(thief)

    assert thief.sends("/admin/login/code", code=code).status_code == 422


def test_guesses_of_codes_are_limited(staff, authenticator, app, world):
    thief = FlaskShopper(app, world)
    log_in(thief)

    answers = [thief.sends("/admin/login/code", code="000000").status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_code_follows_the_password_within_ten_minutes(staff, authenticator, clock):
    log_in(staff)
    clock.advance(600)

    answer = staff.sends("/admin/login/code", code=authenticator.code())

    assert answer.location == "/admin/login"


def test_code_without_the_password_does_nothing(staff, authenticator, app, world):
    thief = FlaskShopper(app, world)

    assert thief.sends("/admin/login/code", code=authenticator.code()).location == "/admin/login"
    assert thief.client.get("/admin").location == "/admin/login"


def test_recovery_code_works_once(staff, authenticator, services):
    assert len(set(authenticator.recovery_codes)) == 10
    code = authenticator.recovery_codes[3].upper()

    log_in(staff)
    assert staff.sends("/admin/login/code", code=code).location == "/admin"
    log_in(staff)
    assert staff.sends("/admin/login/code", code=code).status_code == 422

    stored = services.staff_accounts.all()[0].recovery_hashes
    assert len(stored.split()) == 9
    assert authenticator.recovery_codes[0] not in stored


def test_second_factor_is_removed_by_a_code(staff, authenticator):
    log_in(staff)
    staff.sends("/admin/login/code", code=authenticator.recovery_codes[0])
    remove = "/admin/account/second-factor/remove"

    assert staff.sends(remove, code="000000").status_code == 422
    assert staff.sends("/admin/account/second-factor").status_code == 422
    assert staff.sends(remove, code=authenticator.code()).status_code == 303

    assert log_in(staff) == "/admin"


def test_secret_counts_only_once_a_code_was_seen(staff):
    staff.sends("/admin/account/second-factor")

    assert staff.sends("/admin/account/second-factor/confirm", code="000000").status_code == 422

    assert log_in(staff) == "/admin"


def test_live_keys_demand_a_second_factor(shop_with, world, services):
    live = shop_with(omise_public_key="pkey_live", omise_secret_key=SecretStr("skey_live"))
    services.staff_accounts.create_or_reset("anong@example.com", PASSWORD)
    person = FlaskShopper(live, world)
    log_in(person)

    assert person.client.get("/admin/orders").location == "/admin/account"
    assert person.client.get("/admin/account").status_code == 200


# Accounts


def test_staff_page_shows_role_second_factor_and_last_login(staff, authenticator, services):
    services.staff_accounts.create_or_reset("malee@example.com", PASSWORD, role=Role.VIEWER)

    staff.sees("/admin/staff")

    assert re.search(r"anong@example\.com Finance On (?!Never)", staff.text)
    assert "malee@example.com Viewer Off Never" in staff.text


def test_accounts_made_on_the_command_line_are_audited(app, staff):
    arguments = ["create-staff", "B@example.com", "--password", PASSWORD, "--role", "support"]
    made = app.test_cli_runner().invoke(args=arguments)

    assert made.output == "b@example.com (support) can log in at /admin\n"
    staff.sees("/admin/audit")
    assert re.search(r"\(\w+\) Create or reset an account b@example\.com support", staff.text)


def test_command_line_resets_the_second_factor_and_keeps_the_role(app, colleague, clock):
    person = colleague("support")
    Authenticator(person, clock)
    command = ["create-staff", "anong@example.com", "--password", PASSWORD]
    run = app.test_cli_runner().invoke

    assert run(args=command).output == "anong@example.com (support) can log in at /admin\n"
    assert log_in(person) == "/admin/login/code"
    run(args=[*command, "--reset-second-factor"])

    assert log_in(person) == "/admin"
