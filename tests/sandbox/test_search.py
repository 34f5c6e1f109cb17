"""Search over charges and customers: queries, filters, pages, and what is refused."""

import pytest
import requests

from omise_sandbox.testing.world import World
from tests.sandbox.recordings import assert_same_shape, recording


@pytest.fixture(scope="module")
def shop(sandbox_url):
    """A merchant with a few charges of every kind, made on three days."""
    world = World.new(sandbox_url)
    world.control("POST", "clock", {"frozen": True})
    card = {"card": world.token("5555555555554444", name="MANEE")}
    _charge(world, 5_000, description="Order 1", metadata={"order": "A-17"}, **card)
    _charge(world, 10_050, description="order 2", card=world.token("4111111111140011"))
    world.advance(86_400)
    held = _charge(world, 20_000, capture=False, card=world.token())
    _charge(world, 30_000, capture=False, card=world.token())
    world.api("POST", f"/charges/{held['id']}/reverse")
    world.advance(86_400)
    _charge(world, 50_000, source={"type": "promptpay"})
    paid = _charge(world, 4_000, currency="JPY", card=world.token())
    world.api("POST", f"/charges/{paid['id']}/refunds", {"amount": 1_000})
    world.api("POST", "/customers", {"email": "somchai@example.com", "card": world.token()})
    world.api("POST", "/customers", {"description": "Manee", "metadata": {"tier": "gold"}})
    return world


def _charge(world, amount, currency="THB", **more):
    return world.api("POST", "/charges", {"amount": amount, "currency": currency} | more)


def amounts(shop, **wishes):
    """The amounts of the charges found, smallest first."""
    found = shop.api("GET", "/search", scope="charge", **wishes)
    assert found["object"] == "search", found
    assert found["total"] == len(found["data"])
    return sorted(charge["amount"] for charge in found["data"])


def filters(**wishes):
    """As query parameters."""
    return {f"filters[{name}]": wish for name, wish in wishes.items()}


def day_of(shop, amount):
    """The day on which the charge was made."""
    (charge,) = (each for each in shop.charges() if each["amount"] == amount)
    return charge["created_at"][:10]


def test_the_envelope_is_as_recorded(shop):
    found = shop.api("GET", "/search", scope="charge", query="order", **filters(captured="true"))

    recorded = recording("search-charges")
    assert_same_shape(found, recorded)
    same = ("export", "page", "per_page", "total_pages", "filters", "location", "order", "query")
    assert {name: found[name] for name in same} == {name: recorded[name] for name in same}
    assert [charge["description"] for charge in found["data"]] == ["Order 1"]


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({"amount": "50"}, [5_000]),
        ({"amount": "50..200"}, [5_000, 10_050, 20_000]),
        ({"amount": "100.50"}, [10_050]),
        ({"amount": "300.."}, [4_000, 30_000, 50_000]),
        ({"amount": "4000", "currency": "jpy"}, [4_000]),
        ({"authorized": "yes"}, [4_000, 5_000, 20_000, 30_000]),
        ({"capture": "no"}, [20_000, 30_000]),
        ({"captured": "on"}, [4_000, 5_000]),
        ({"card_last_digits": "4444"}, [5_000]),
        ({"disputed": "true"}, []),
        ({"failure_code": "insufficient_fund"}, [10_050]),
        ({"refunded": "true"}, [4_000]),
        ({"refund_amount": "1000"}, [4_000]),
        ({"reversed": "true"}, [20_000]),
        ({"source_type": "promptpay"}, [50_000]),
        ({"status": "pending"}, [30_000, 50_000]),
        ({"status": "pending", "authorized": "off"}, [50_000]),
        ({"voided": "true"}, []),
    ],
)
def test_filters_choose_charges(shop, wishes, found):
    assert amounts(shop, **filters(**wishes)) == found


def test_dates_choose_charges_to_the_end_of_the_day(shop):
    first, second = day_of(shop, 5_000), day_of(shop, 20_000)

    assert amounts(shop, **filters(created=first)) == [5_000, 10_050]
    assert amounts(shop, **filters(created=f"{first}..{second}")) == [5_000, 10_050, 20_000, 30_000]
    assert amounts(shop, **filters(authorized_at=f"..{second}")) == [5_000, 20_000, 30_000]
    assert amounts(shop, **filters(captured_at=f"{second.replace('-', '/')}..")) == [4_000]


@pytest.mark.parametrize(
    ("query", "found"),
    [("ORDER", [5_000, 10_050]), ("a-17", [5_000]), ("manee", [5_000]), ("credit limit", [10_050])],
)
def test_a_query_looks_into_texts_whatever_the_case(shop, query, found):
    assert amounts(shop, query=query) == found


def test_pages_and_order(shop):
    newest = shop.api("GET", "/search", scope="charge", per_page=4)
    rest = shop.api("GET", "/search", scope="charge", per_page=4, page=2)
    oldest = shop.api("GET", "/search", scope="charge", order="chronological")

    every = [charge["id"] for charge in newest["data"] + rest["data"]]
    assert (newest["total"], newest["total_pages"], len(rest["data"])) == (6, 2, 2)
    assert every == [charge["id"] for charge in reversed(oldest["data"])]


@pytest.mark.parametrize(
    ("query", "found"),
    [("somchai", 1), ("manee", 1), ("gold", 1), ("", 2), ("nobody", 0)],
)
def test_customers_can_be_searched(shop, query, found):
    answer = shop.api("GET", "/search", scope="customer", query=query)

    assert (answer["total"], answer["scope"]) == (found, "customer")


@pytest.mark.parametrize("scope", ["charge", "customer"])
def test_each_resource_has_a_search_of_its_own(shop, scope):
    answer = shop.api("GET", f"/{scope}s/search", order="chronological")

    assert (answer["location"], answer["scope"]) == (f"/{scope}s/search", scope)
    assert {each["object"] for each in answer["data"]} == {scope}


@pytest.mark.parametrize(
    ("wishes", "status", "code"),
    [
        ({"scope": ""}, 422, "invalid_scope"),
        ({"scope": "gold"}, 422, "invalid_scope"),
        ({"scope": "dispute"}, 501, "not_imitated"),
        (filters(colour="red"), 422, "invalid_filter"),
        (filters(captured="perhaps"), 422, "invalid_filter"),
        (filters(amount="much"), 422, "invalid_filter"),
        (filters(amount=".."), 422, "invalid_filter"),
        (filters(created="someday"), 422, "invalid_filter"),
        (filters(source_of_fund="card"), 501, "not_imitated"),
        ({"filters": "red"}, 422, "invalid_filter"),
        ({"page": 0}, 422, "invalid_page"),
        ({"page": "one"}, 422, "invalid_page"),
        ({"per_page": 101}, 422, "invalid_per_page"),
        ({"order": "random"}, 400, "bad_request"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(shop, wishes, status, code):
    answer = requests.get(
        f"{shop.url}/search",
        params={"scope": "charge"} | wishes,
        auth=(shop.secret_key, ""),
        timeout=5,
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
