"""Planted, copied and forged sessions of shoppers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy
from flask.sessions import SecureCookieSessionInterface

from storefront.accounts.sessions import MAX_SESSION_AGE
from tests.attacks.conftest import is_logged_in
from tests.support.flask_shopper import PASSWORD, FlaskShopper

EMAIL = "somchai@example.com"
NEW = "a new long password"


def test_planted_session_is_invalid_after_login(member, thief):
    member.sends("/logout")
    stranger = thief("")
    stranger.puts_in_cart("lamp")
    planted, token = stranger.cookie, stranger.csrf()
    victim = thief(planted)

    victim.sends("/login", email=EMAIL, password=PASSWORD)

    assert is_logged_in(victim)
    assert victim.cookie != planted
    assert not is_logged_in(thief(planted))
    old = victim.client.post("/language", data={"csrf_token": token, "language": "th"})
    assert old.status_code == 400
    assert key_of(victim) != key_of(thief(planted))


def key_of(person):
    with person.client.session_transaction() as session:
        return session.get("key", "none")


def test_signup_starts_a_new_session(app, world):
    shopper = FlaskShopper(app, world)
    token = shopper.csrf()

    shopper.signs_up()

    old = shopper.client.post("/language", data={"csrf_token": token, "language": "th"})
    assert old.status_code == 400


@pytest.mark.parametrize("how", ["everywhere", "password"])
def test_copies_of_a_cookie_can_be_revoked(member, thief, how):
    copy, elsewhere = thief(member.cookie), thief("")
    elsewhere.sends("/login", email=EMAIL, password=PASSWORD)
    assert is_logged_in(copy)
    assert is_logged_in(elsewhere)

    if how == "everywhere":
        member.sends("/account/log-out-everywhere")
    else:
        member.sends("/account/password", old_password=PASSWORD, password=NEW)

    assert is_logged_in(member)
    assert not is_logged_in(copy)
    assert not is_logged_in(elsewhere)


@pytest.mark.usefixtures("database")
def test_copied_cookie_is_invalid_after_logout(member, thief, world):
    card, copy, elsewhere = member.card, thief(member.cookie), thief("")
    elsewhere.sends("/login", email=EMAIL, password=PASSWORD)
    copy.puts_in_cart()  # which signs it again

    member.sends("/logout")

    assert not is_logged_in(copy)
    assert "Your cart is empty" in copy.sees("/cart").get_data(as_text=True)
    copy.puts_in_cart()
    assert copy.pays_by_json(card=card, email=EMAIL).status_code == 404
    assert world.charges() == []
    assert is_logged_in(elsewhere)


@pytest.mark.parametrize("path", ["/logout", "/account/log-out-everywhere"])
def test_copied_cookie_opens_no_order_after_logout(member, paid, thief, path):
    """The session itself opens its orders, so it is emptied."""
    copy, later = thief(member.cookie), thief(member.cookie)
    assert copy.client.get(f"/orders/{paid}").status_code == 200

    member.sends(path)

    assert copy.client.get(f"/orders/{paid}").status_code == 404
    assert later.client.get(f"/orders/{paid}/status").status_code == 404
    assert later.client.get(f"/orders/{paid}").status_code == 404


@pytest.mark.usefixtures("database")
def test_copied_cookie_is_invalid_after_another_login(member, thief):
    copy = thief(member.cookie)

    member.sends("/login", email=EMAIL, password=PASSWORD)

    assert is_logged_in(member)
    assert not is_logged_in(copy)


@pytest.mark.usefixtures("database")
def test_revocation_is_stored_until_the_session_expires(member, thief, stored_rows, clock):
    """A thief can have the copy signed again every day, so a revocation outlives the session."""
    copy, elsewhere = thief(member.cookie), thief("")
    elsewhere.sends("/login", email=EMAIL, password=PASSWORD)
    member.sends("/logout")
    clock.advance(MAX_SESSION_AGE.total_seconds() - 60)
    assert is_logged_in(elsewhere)
    assert not is_logged_in(copy)

    clock.advance(120)
    member.sends("/login", email=EMAIL, password=PASSWORD)
    member.sends("/logout")

    assert len(stored_rows()["revoked_sessions"]) == 1
    assert not is_logged_in(copy)
    assert not is_logged_in(elsewhere)


@pytest.mark.usefixtures("database")
def test_concurrent_logouts_revoke_the_session_once(member, thief, stored_rows):
    token, tabs = member.csrf(), [thief(member.cookie) for _ in range(6)]

    with ThreadPoolExecutor(len(tabs)) as pool:
        answers = list(
            pool.map(lambda tab: tab.client.post("/logout", data={"csrf_token": token}), tabs)
        )

    assert {answer.status_code for answer in answers} == {303}
    assert len(stored_rows()["revoked_sessions"]) == 1


def test_revocation_check_needs_no_query_of_its_own(member, stranger, services):
    statements = []
    sqlalchemy.event.listen(
        services.database.engine,
        "before_cursor_execute",
        lambda *event: statements.append(event[2]),
    )

    stranger.sees("/login")
    for_a_guest = len(statements)
    member.sees("/login")

    assert for_a_guest == 0
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_password_change_needs_the_old_password(member, thief):
    copy = thief(member.cookie)

    answer = copy.sends("/account/password", old_password="a guess of mine", password=NEW)

    assert answer.status_code == 422
    assert thief("").sends("/login", email=EMAIL, password=NEW).status_code == 422
    assert thief("").sends("/login", email=EMAIL, password=PASSWORD).status_code == 303


def test_forged_cookie_logs_in_as_no_account(app, services, member, staff, thief, attack_counter):
    genuine, of_staff = member.cookie, staff.cookie
    payload, stamp, signature = genuine.rsplit(".", 2)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    living = {"login": services.sessions.start()}
    forged = [
        f"{of_staff.rsplit('.', 2)[0]}.{stamp}.{signature}",
        f"{payload}.{stamp}.{signature[:-1]}",
        f"{payload}.{stamp}.",
        f"{payload}..{signature}",
        payload,
        payload + "A" + genuine[len(payload) :],
    ]
    for secret in ("", "s" * 31, "secret", "None"):
        app.secret_key, original = secret or "-", app.secret_key
        forger = SecureCookieSessionInterface().get_signing_serializer(app)
        app.secret_key = original
        forged.append(forger.dumps(living | {"_user_id": "1.0", "staff": {"id": 1, "version": 1}}))

    for cookie in forged:
        person = thief(cookie)
        attack_counter["forged cookies"] += 1
        assert not is_logged_in(person)
        assert person.client.get("/admin").location == "/admin/login"
    assert is_logged_in(thief(genuine))
    assert is_logged_in(thief(serializer.dumps(living | {"_user_id": "1.0", "_fresh": True})))


def test_account_number_alone_does_not_log_in(app, services, member, thief, attack_counter):
    """Even a signed session logs in only with the current session version."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    living = {"login": services.sessions.start()}

    for user_id in ("1", "1.1", "1.", ".0", "0.0", "2.0", "1.00", "\u0661.0", "1.0.0", "-1.0", ""):
        assert not is_logged_in(thief(serializer.dumps(living | {"_user_id": user_id})))
        attack_counter["forged cookies"] += 1


@pytest.mark.parametrize(
    "claims", [None, "", [], {}, {"key": "a" * 32}, {"since": 0}, {"key": 1, "since": 2}], ids=str
)
def test_session_without_login_claims_is_not_logged_in(member, claims):
    """As in a session of an older version."""
    with member.client.session_transaction() as session:
        session["login"] = claims

    assert not is_logged_in(member)


def test_session_cookie_has_its_security_attributes(shop_with):
    client = shop_with(public_url="https://shop.test").test_client()

    (cookie,) = client.get("/login", base_url="https://localhost/").headers.getlist("Set-Cookie")

    name, _, rest = cookie.partition("=")
    attributes = {part.strip() for part in rest.split(";")[1:]}
    assert name == "__Host-lantern_loom_session"
    assert attributes == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
