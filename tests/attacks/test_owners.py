"""Ids of other shoppers get exactly the response of ids that do not exist."""

import re

import pytest

from storefront.web.admin.permissions import PUBLIC_ENDPOINTS

UNKNOWN = {"order": "ZZZZZZZZZZ", "card": "card_test_unknown"}
JSON = {"Accept": "application/json"}

#: What differs between responses and carries no information.
NOISE = re.compile(
    rb'(name="csrf-token" content=|name="csrf_token" value=)"[^"]*"|<code>[0-9a-f]{16}</code>'
    rb"|[0-9a-f]{16}(?=</)"
)
IGNORED_HEADERS = {"X-Request-Id", "Set-Cookie", "Date", "Content-Length"}


def revealed(answer, *ids):
    """All that a response reveals, without the requested id."""
    body = NOISE.sub(b"", answer.data)
    for known in ids:
        body = body.replace(known.encode(), b"ID")
    headers = {n: v for n, v in answer.headers.items() if n not in IGNORED_HEADERS}
    return answer.status_code, headers, body


@pytest.fixture
def guest(stranger):
    """A guest with a session of their own."""
    stranger.puts_in_cart("lamp")
    stranger.sees("/cart")
    return stranger


@pytest.fixture
def other_member(stranger):
    """Another member, with a card and an order."""
    stranger.signs_up("malee@example.com")
    stranger.sends("/cards", token=stranger.world.token("5555555555554444"))
    stranger.puts_in_cart("lamp")
    stranger.pays()
    stranger.puts_in_cart("lamp")
    stranger.sees("/cart")
    return stranger


#: The routes about an order, and about a card.
ABOUT_ORDERS = [
    ("GET", "/orders/{}"),
    ("GET", "/orders/{}?to=bank"),
    ("GET", "/orders/{}?key=guess"),
    ("GET", "/orders/{}/status"),
    ("GET", "/payments/{}/return"),
    ("GET", "/payments/{}/return?key=guess"),
    ("POST", "/payments/{}/return?key=guess"),
    ("GET", "/payments/{}/status?key=guess"),
    ("GET", "/payments/{}/qr?key=guess"),
    ("POST", "/orders/{}/cancel-payment"),
    ("POST", "/orders/{}/link"),
]
ABOUT_CARDS = [("POST", "/cards/{}/default"), ("POST", "/cards/{}/delete")]


#: Routes with an id that belongs to no shopper, or with a token that is the proof itself.
PUBLIC_PREFIXES = (
    "/products/",
    "/cart/",
    "/information/",
    "/static/",
    "/payments/static/",
    "/password/reset/",
    "/account/verify/",
)


def test_every_route_with_an_id_is_listed(app):
    """So that a new route is attacked too; the admin routes are tested below."""
    listed = {(method, path.partition("?")[0]) for method, path in ABOUT_ORDERS + ABOUT_CARDS}

    for rule in app.url_map.iter_rules():
        if rule.arguments and not rule.rule.startswith((*PUBLIC_PREFIXES, "/admin")):
            methods = rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
            assert {(m, re.sub(r"<[^>]+>", "{}", rule.rule)) for m in methods} <= listed


def ask(person, method, path, headers):
    if method == "GET":
        return person.client.get(path, headers=headers)
    data = {"csrf_token": person.csrf()}
    return person.client.post(path, data=data, headers=headers)


@pytest.mark.parametrize("who", ["guest", "other_member"])
def test_order_of_another_shopper_looks_like_none(
    who, at_the_bank, request, stored_rows, attack_counter
):
    person = request.getfixturevalue(who)
    before = stored_rows()

    for method, path in ABOUT_ORDERS:
        for headers in ({}, JSON):
            answers = [
                revealed(ask(person, method, path.format(number), headers), number)
                for number in (at_the_bank, UNKNOWN["order"], at_the_bank.lower(), "1")
            ]
            attack_counter["ids of other shoppers"] += 1
            assert answers[0] == answers[1], (method, path)
            assert answers[0][0] == answers[2][0] == answers[3][0] == 404, (method, path)
    assert stored_rows() == before


def test_card_of_another_member_looks_like_none(
    member, other_member, omise_requests, attack_counter
):
    theirs, mine = member.card, other_member.card
    calls = len([r for r in omise_requests() if r["method"] != "GET"])

    for method, path in ABOUT_CARDS:
        for headers in ({}, JSON):
            answers = [
                revealed(ask(other_member, method, path.format(card), headers), card)
                for card in (theirs, UNKNOWN["card"])
            ]
            attack_counter["ids of other shoppers"] += 1
            assert answers[0] == answers[1], (method, path)
            assert answers[0][0] == 404
    for body in ({}, {"save_card": True}):
        answers = [
            revealed(other_member.pays_by_json(card=card, **body), card)
            for card in (theirs, UNKNOWN["card"])
        ]
        assert answers[0] == answers[1]

    assert len([r for r in omise_requests() if r["method"] != "GET"]) == calls
    assert member.card == theirs
    assert other_member.card == mine


def test_cart_of_another_shopper_reveals_no_order(shopper, paid, guest, services):
    key = services.orders.get(paid).cart_key

    theirs = revealed(guest.pays_by_json(token="tokn_test_1", cart=key), key)
    unknown = revealed(guest.pays_by_json(token="tokn_test_1", cart="unknown"), "unknown")

    assert theirs == unknown
    assert theirs[0] == 409


@pytest.mark.parametrize("who", ["guest", "member"])
def test_admin_reveals_nothing_to_shoppers(app, who, request, paid, attack_counter):
    """It does not even reveal which pages exist."""
    person = request.getfixturevalue(who)
    known = {"number": paid, "mail_id": 1, "event_id": "evnt_test_1", "sku": "mug", "task_id": 1}
    known["decision"] = "retry"

    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/admin") or rule.endpoint in PUBLIC_ENDPOINTS:
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        values = {name: known.get(name, "refund") for name in rule.arguments}
        path = app.url_map.bind("shop.test").build(rule.endpoint, values, method=method)
        for headers in ({}, JSON):
            answer = ask(person, method, path, headers)
            attack_counter["admin pages as a shopper"] += 1
            assert (answer.status_code, answer.location) == (303, "/admin/login"), path


def test_key_of_one_order_opens_no_other(app, shopper, paid, stranger):
    from storefront.web.order_links import order_key

    shopper.puts_in_cart("lamp")
    shopper.pays()
    other = shopper.order_number
    with app.app_context():
        key = order_key(paid)

    for path in (f"/orders/{other}?key={key}", f"/payments/{other}/return?key={key}"):
        assert stranger.client.get(path).status_code == 404
    assert stranger.sees(f"/orders/{paid}?key={key}").status_code == 200
    assert stranger.client.get(f"/orders/{other}").status_code == 404
