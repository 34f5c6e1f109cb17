"""Another site acts for somebody who is logged in: on every route that takes a POST."""

import json

import pytest

from storefront.web.csrf import EXEMPT

#: What each form would need to succeed, all together: a field that is not asked for is not read.
FIELDS = {
    "sku": "lamp",
    "quantity": "2",
    "email": "somchai@example.com",
    "password": "another password",
    "old_password": "correct horse battery",
    "language": "th",
    "confirmed": "yes",
    "click": "a click of somebody else's",
    "amount": "1.00",
    "count": "3",
    "hours": "24",
}

#: The three exceptions, and what protects each of them instead.
EXCEPTIONS = {
    "orders.come_back": "a key in the address, and it only redirects",
    "webhooks.omise": "a signature",
    "ops.csp_report": "it only counts",
}


def posts(app):
    """Every route that takes a POST, the log-outs last."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    return sorted(rules, key=lambda rule: ("logout" in rule.rule, rule.rule))


@pytest.fixture
def addresses(app, member, staff, paid, held):
    """The address of every route, leading to something that is there."""
    member.puts_in_cart()
    known = {"sku": "mug", "number": paid, "card_id": member.card, "event_id": "evnt_test_1"}

    def fill(rule):
        moves = {"capture": held, "void": held, "refund": paid}
        for operation in moves if "operation" in rule.arguments else [None]:
            chosen = {"operation": operation, "number": moves[operation]} if operation else {}
            values = known | chosen
            built = app.url_map.bind("shop.test").build(
                rule.endpoint, {name: values[name] for name in rule.arguments}, method="POST"
            )
            yield rule.endpoint, built

    return [address for rule in posts(app) for address in fill(rule)]


@pytest.fixture
def forgeries(stranger, world):
    """What another site can make a browser send: keyword arguments of the client."""
    fields = FIELDS | {"token": world.token()}
    theirs = stranger.csrf()
    return {
        "a form": {"data": fields},
        "a form with an empty token": {"data": fields | {"csrf_token": ""}},
        "a form with the token of another session": {"data": fields | {"csrf_token": theirs}},
        "a form with files": {"data": fields, "content_type": "multipart/form-data"},
        "a form that says it is ours": {
            "data": fields,
            "headers": {"Sec-Fetch-Site": "same-origin"},
        },
        "JSON in a form of text": {
            "data": json.dumps(fields),
            "content_type": "text/plain",
            "headers": {"Sec-Fetch-Site": "same-origin"},
        },
        "JSON": {"json": fields},
        **{
            f"JSON that is {site}": {"json": fields, "headers": {"Sec-Fetch-Site": site}}
            for site in ("cross-site", "same-site", "none", "same-origin, cross-site")
        },
        "nothing": {},
    }


def of_the_person(client):
    """What a session holds besides the token, which every page that shows a form puts there."""
    with client.session_transaction() as session:
        return {name: session[name] for name in session if name not in {"csrf_token", "_fresh"}}


def test_the_exceptions_are_those_that_are_known():
    assert set(EXCEPTIONS) == EXEMPT


def test_no_other_site_acts_for_anybody(addresses, forgeries, member, staff, kept, asked, tried):
    before, calls = kept(), len(asked())
    for endpoint, path in addresses:
        client = (staff if path.startswith("/admin") else member).client
        session_before = of_the_person(client)
        for name, forged in forgeries.items():
            answer = client.post(path, **forged)
            tried["forged POSTs"] += 1
            if endpoint not in EXEMPT:
                assert answer.status_code == 400, f"{path} takes {name}"
            assert of_the_person(client) == session_before, f"{path} and {name}"

    assert kept() == before
    assert len(asked()) == calls


def test_the_same_forms_with_their_token_are_taken(addresses, member, staff, world, tried):
    """Otherwise the test above would say nothing."""
    for endpoint, path in addresses:
        if endpoint in EXEMPT:
            continue
        person = staff if path.startswith("/admin") else member
        answer = person.sends(path, **FIELDS, token=world.token())
        tried["genuine POSTs"] += 1
        assert answer.status_code not in {400, 401, 500}, path


def test_nothing_is_changed_by_looking(app, member, staff, kept, asked, tried):
    """A link or a picture on another site is a GET; so are the prefetches of a browser."""
    before, calls = kept(), len(asked())
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            person = staff if rule.rule.startswith("/admin") else member
            person.client.get(rule.rule, query_string=FIELDS)
            tried["GETs that carry a form"] += 1

    assert kept() == before
    assert {request["method"] for request in asked()[calls:]} <= {"GET"}
