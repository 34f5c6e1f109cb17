"""Lists: envelope, pages, order and period."""

import pytest

from tests.sandbox.conftest import error_of

ENVELOPE = ["object", "data", "limit", "offset", "total", "location", "order", "from", "to"]
HOUR = 60 * 60


@pytest.fixture
def customers(merchant):
    """Five customers, an hour apart, oldest first."""
    merchant.control("POST", "clock", {"frozen": True})
    made = []
    for _ in range(5):
        made.append(merchant.api.post("/customers").json())
        merchant.world.advance(HOUR)
    return made


def ids(answer):
    """The ids of a list."""
    return [each["id"] for each in answer.json()["data"]]


def test_list_has_the_recorded_envelope(merchant):
    for path in ("/charges", "/customers", "/events", "/refunds"):
        page = merchant.api.get(path).json()
        assert list(page) == ENVELOPE
        assert (page["location"], page["limit"], page["offset"], page["total"]) == (path, 20, 0, 0)
        assert (page["order"], page["from"]) == ("chronological", "1970-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"order": "reverse_chronological"}, [4, 3, 2, 1, 0]),
        ({"limit": 2}, [0, 1]),
        ({"limit": 2, "offset": 1}, [1, 2]),
        ({"limit": 2, "offset": 1, "order": "reverse_chronological"}, [3, 2]),
        ({"limit": 2, "offset": 4, "order": "reverse_chronological"}, [0]),
        ({"offset": 9}, []),
        ({"offset": 9, "order": "reverse_chronological"}, []),
        ({"limit": 1000}, [0, 1, 2, 3, 4]),
        ({"limit": 0}, []),
    ],
)
def test_page_holds_the_requested_part(merchant, customers, query, expected):
    answer = merchant.api.get("/customers", **query)

    assert ids(answer) == [customers[i]["id"] for i in expected]
    assert answer.json()["total"] == 5
    assert answer.json()["limit"] <= 100


def test_list_covers_the_requested_period(merchant, customers):
    times = [customer["created_at"] for customer in customers]

    answer = merchant.api.get("/customers", **{"from": times[1], "to": times[3]})

    assert ids(answer) == [customer["id"] for customer in customers[1:4]]
    assert (answer.json()["total"], answer.json()["from"]) == (3, times[1])


def test_bare_date_is_accepted(merchant, customers):
    day = customers[0]["created_at"][:10]

    assert ids(merchant.api.get("/customers", **{"from": day}))[0] == customers[0]["id"]
    assert customers[0]["id"] in ids(merchant.api.get("/customers", to=day))


@pytest.mark.parametrize(
    "query",
    [{"limit": "x"}, {"limit": -1}, {"offset": -1}, {"order": "up"}, {"from": "when"}, {"to": "9"}],
)
def test_invalid_values_are_rejected(merchant, query):
    assert error_of(merchant.api.get("/charges", **query)) == (400, "bad_request")


def test_cards_are_paged(merchant):
    customer = merchant.customer("4242424242424242", "5555555555554444", "4111111111111111")
    path = f"/customers/{customer['id']}/cards"

    answer = merchant.api.get(path, limit=1, offset=1)

    assert [card["last_digits"] for card in answer.json()["data"]] == ["4444"]
    assert (answer.json()["total"], answer.json()["location"]) == (3, path)


def test_list_parameters_in_a_body_are_read(merchant, customers):
    body = {"limit": 1, "offset": 1, "order": None, "from": None, "to": None}

    answer = merchant.api("GET", "/customers", body)

    assert ids(answer) == [customers[1]["id"]]
