"""Cross-site request forgery against every route that accepts a POST."""

import json

import pytest

from storefront.web.csrf import EXEMPT

#: The fields of all forms together; a form ignores the fields of the others.
FIELDS = {
    "sku": "lamp",
    "quantity": "2",
    "email": "somchai@example.com",
    "password": "another password",
    "old_password": "correct horse battery",
    "language": "th",
    "confirmed": "yes",
    "idempotency_key": "a forged key",
    "amount": "1.00",
    "count": "3",
    "hours": "24",
    "current_password": "correct horse battery",
    "delete_password": "a guess",
}

#: Exempt endpoints, and what protects each of them instead.
EXCEPTIONS = {
    "omise.handle_return": "a key in the URL, and it only redirects",
    "omise.webhook": "a signature",
    "ops.csp_report": "it only counts",
}


def posts(app):
    """Every route that accepts a POST, the logouts last."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    return sorted(rules, key=lambda rule: ("logout" in rule.rule, rule.rule))


@pytest.fixture
def addresses(app, member, staff, paid, held):
    """A URL of every route, with ids that exist."""
    member.puts_in_cart()
    # Shows the message of the addition, so that it is no longer in the session.
    member.client.get("/cart")
    known = {
        "sku": "mug",
        "number": paid,
        "reference": paid,
        "card_id": member.card,
        "event_id": "evnt_test_1",
        "task_id": 1,
        "decision": "retry",
        "token": "a-link-of-a-mail",
    }

    def fill(rule):
        numbers = {"capture": held, "void": held, "refund": paid}
        for operation in numbers if "operation" in rule.arguments else [None]:
            chosen = {"operation": operation, "number": numbers[operation]} if operation else {}
            values = known | chosen
            built = app.url_map.bind("shop.test").build(
                rule.endpoint, {name: values[name] for name in rule.arguments}, method="POST"
            )
            yield rule.endpoint, built

    return [address for rule in posts(app) for address in fill(rule)]


@pytest.fixture
def forgeries(stranger, world):
    """What another site can make a browser send, as arguments of the test client."""
    fields = FIELDS | {"token": world.token()}
    theirs = stranger.csrf()
    return {
        "a form": {"data": fields},
        "a form with an empty token": {"data": fields | {"csrf_token": ""}},
        "a form with the token of another session": {"data": fields | {"csrf_token": theirs}},
        "a form with files": {"data": fields, "content_type": "multipart/form-data"},
        "JSON in a form of text": {"data": json.dumps(fields), "content_type": "text/plain"},
        **{
            f"a form from {origin}": {"data": fields, "headers": {"Origin": origin}}
            for origin in ("null", "http://evil.example", "http://shop.test.evil.example")
        },
        "JSON": {"json": fields},
        **{
            f"JSON that is {site}": {"json": fields, "headers": {"Sec-Fetch-Site": site}}
            for site in ("cross-site", "same-site", "none", "same-origin, cross-site")
        },
        "nothing": {},
    }


def of_the_person(client):
    """The session without the CSRF token, which every page with a form stores."""
    with client.session_transaction() as session:
        return {name: session[name] for name in session if name not in {"csrf_token", "_fresh"}}


def test_csrf_exemptions_are_listed():
    assert set(EXCEPTIONS) == EXEMPT


def test_cross_site_posts_are_rejected(
    addresses, forgeries, member, staff, stored_rows, omise_requests, attack_counter
):
    before, calls = stored_rows(), len(omise_requests())
    for endpoint, path in addresses:
        client = (staff if path.startswith("/admin") else member).client
        session_before = of_the_person(client)
        for name, forged in forgeries.items():
            answer = client.post(path, **forged)
            attack_counter["forged POSTs"] += 1
            if endpoint not in EXEMPT:
                assert answer.status_code == 400, f"{path} takes {name}"
            assert of_the_person(client) == session_before, f"{path} and {name}"

    assert stored_rows() == before
    assert len(omise_requests()) == calls


def test_same_forms_with_their_token_are_accepted(addresses, member, staff, world, attack_counter):
    """Otherwise the test above would prove nothing."""
    for endpoint, path in addresses:
        if endpoint in EXEMPT:
            continue
        person = staff if path.startswith("/admin") else member
        answer = person.sends(path, **FIELDS, token=world.token())
        attack_counter["genuine POSTs"] += 1
        assert answer.status_code not in {400, 401, 500}, path


def test_get_requests_change_nothing(
    app, member, staff, stored_rows, omise_requests, attack_counter
):
    """Links and images on other sites send GETs, and so do prefetching browsers."""
    before, calls = stored_rows(), len(omise_requests())
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            person = staff if rule.rule.startswith("/admin") else member
            person.client.get(rule.rule, query_string=FIELDS)
            attack_counter["GETs with form fields"] += 1

    assert stored_rows() == before
    assert {request["method"] for request in omise_requests()[calls:]} <= {"GET"}
