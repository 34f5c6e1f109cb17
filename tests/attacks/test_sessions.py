"""Sessions of shoppers: planted, copied, forged."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy
from flask.sessions import SecureCookieSessionInterface

from storefront.accounts.sessions import MAX_SESSION_AGE
from tests.attacks.conftest import is_logged_in
from tests.support.shopper import PASSWORD, ShopperAtTheShop

EMAIL = "somchai@example.com"
NEW = "a new long password"


def test_a_planted_session_is_worth_nothing_after_log_in(member, thief):
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


def test_a_new_session_begins_at_sign_up_too(app, world):
    shopper = ShopperAtTheShop(app, world)
    token = shopper.csrf()

    shopper.signs_up()

    old = shopper.client.post("/language", data={"csrf_token": token, "language": "th"})
    assert old.status_code == 400


@pytest.mark.parametrize("how", ["everywhere", "password"])
def test_copies_of_a_cookie_can_be_made_worthless(member, thief, how):
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
def test_a_copy_of_a_cookie_is_worth_nothing_after_log_out(member, thief, world):
    card, copy, elsewhere = member.card, thief(member.cookie), thief("")
    elsewhere.sends("/login", email=EMAIL, password=PASSWORD)
    copy.puts_in_cart()  # which signs it anew

    member.sends("/logout")

    assert not is_logged_in(copy)
    assert "Your cart is empty" in copy.sees("/cart").get_data(as_text=True)
    copy.puts_in_cart()
    assert copy.pays_by_json(card=card, email=EMAIL).status_code == 404
    assert world.charges() == []
    assert is_logged_in(elsewhere)


@pytest.mark.parametrize("path", ["/logout", "/account/log-out-everywhere"])
def test_a_copy_sees_nothing_of_what_was_bought_once_its_log_in_has_ended(
    member, paid, thief, path
):
    """A session remembers the orders that it placed, be it a guest's or not."""
    copy, later = thief(member.cookie), thief(member.cookie)
    assert copy.client.get(f"/orders/{paid}").status_code == 200

    member.sends(path)

    assert copy.client.get(f"/orders/{paid}").status_code == 404
    assert later.client.get(f"/orders/{paid}/status").status_code == 404
    assert later.client.get(f"/orders/{paid}").status_code == 404


@pytest.mark.usefixtures("database")
def test_a_cookie_is_worth_nothing_once_somebody_logged_in_over_it(member, thief):
    copy = thief(member.cookie)

    member.sends("/login", email=EMAIL, password=PASSWORD)

    assert is_logged_in(member)
    assert not is_logged_in(copy)


@pytest.mark.usefixtures("database")
def test_a_log_out_is_remembered_for_as_long_as_a_log_in_can_last(member, thief, kept, clock):
    """A thief may have the copy signed anew every day, so what is forgotten must be too old."""
    copy, elsewhere = thief(member.cookie), thief("")
    elsewhere.sends("/login", email=EMAIL, password=PASSWORD)
    member.sends("/logout")
    clock.advance(MAX_SESSION_AGE.total_seconds() - 60)
    assert is_logged_in(elsewhere)
    assert not is_logged_in(copy)

    clock.advance(120)
    member.sends("/login", email=EMAIL, password=PASSWORD)
    member.sends("/logout")

    assert len(kept()["revoked_sessions"]) == 1
    assert not is_logged_in(copy)
    assert not is_logged_in(elsewhere)


@pytest.mark.usefixtures("database")
def test_many_tabs_log_out_at_once(member, thief, kept):
    token, tabs = member.csrf(), [thief(member.cookie) for _ in range(6)]

    with ThreadPoolExecutor(len(tabs)) as pool:
        answers = list(
            pool.map(lambda tab: tab.client.post("/logout", data={"csrf_token": token}), tabs)
        )

    assert {answer.status_code for answer in answers} == {303}
    assert len(kept()["revoked_sessions"]) == 1


def test_looking_for_ended_log_ins_costs_nobody_a_question_more(member, stranger, parts):
    asked = []
    sqlalchemy.event.listen(
        parts.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )

    stranger.sees("/login")
    of_a_guest = len(asked)
    member.sees("/login")

    assert of_a_guest == 0
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_only_who_knows_the_password_changes_it(member, thief):
    copy = thief(member.cookie)

    answer = copy.sends("/account/password", old_password="a guess of mine", password=NEW)

    assert answer.status_code == 422
    assert thief("").sends("/login", email=EMAIL, password=NEW).status_code == 422
    assert thief("").sends("/login", email=EMAIL, password=PASSWORD).status_code == 303


def test_a_forged_cookie_is_nobodys(app, parts, member, staff, thief, tried):
    genuine, of_staff = member.cookie, staff.cookie
    payload, stamp, signature = genuine.rsplit(".", 2)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    living = {"login": parts.sessions.start()}
    forged = [
        f"{of_staff.rsplit('.', 2)[0]}.{stamp}.{signature}",
        f"{payload}.{stamp}.{signature[:-1]}",
        f"{payload}.{stamp}.",
        f"{payload}..{signature}",
        payload,
        payload + "A" + genuine[len(payload) :],
    ]
    for secret in ("", "s" * 31, "secret", "None"):
        app.secret_key, kept = secret or "-", app.secret_key
        forger = SecureCookieSessionInterface().get_signing_serializer(app)
        app.secret_key = kept
        forged.append(forger.dumps(living | {"_user_id": "1.0", "staff": {"id": 1, "version": 1}}))

    for cookie in forged:
        person = thief(cookie)
        tried["forged cookies"] += 1
        assert not is_logged_in(person)
        assert person.client.get("/admin").location == "/admin/login"
    assert is_logged_in(thief(genuine))
    assert is_logged_in(thief(serializer.dumps(living | {"_user_id": "1.0", "_fresh": True})))


def test_an_account_is_not_guessed_by_its_number(app, parts, member, thief, tried):
    """Even with the signature: nobody is logged in by a session whose epoch is not that of now."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    living = {"login": parts.sessions.start()}

    for user_id in ("1", "1.1", "1.", ".0", "0.0", "2.0", "1.00", "\u0661.0", "1.0.0", "-1.0", ""):
        assert not is_logged_in(thief(serializer.dumps(living | {"_user_id": user_id})))
        tried["forged cookies"] += 1


@pytest.mark.parametrize(
    "kept", [None, "", [], {}, {"key": "a" * 32}, {"since": 0}, {"key": 1, "since": 2}], ids=str
)
def test_without_a_log_in_nobody_is_logged_in(member, kept):
    """Sessions of an older version of the shop have none."""
    with member.client.session_transaction() as session:
        session["login"] = kept

    assert not is_logged_in(member)


def test_the_cookie_is_out_of_reach(shop_with):
    client = shop_with(public_url="https://shop.test").test_client()

    (cookie,) = client.get("/login", base_url="https://localhost/").headers.getlist("Set-Cookie")

    name, _, rest = cookie.partition("=")
    attributes = {part.strip() for part in rest.split(";")[1:]}
    assert name == "__Host-session"
    assert attributes == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
