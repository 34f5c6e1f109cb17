"""Events: one for every change, with the object as it was."""

from tests.sandbox.conftest import error_of


def test_event_shows_the_object_as_it_was(merchant):
    held = merchant.charge(capture=False)
    merchant.api.post(f"/charges/{held['id']}/capture")
    merchant.api.patch(f"/charges/{held['id']}", description="Later")

    events = merchant.api.get(f"/charges/{held['id']}/events").json()["data"]

    assert [event["key"] for event in events] == [
        "charge.create",
        "charge.capture",
        "charge.update",
    ]
    assert [event["data"]["status"] for event in events] == ["pending", "successful", "successful"]
    assert [event["data"]["description"] for event in events] == [None, None, "Later"]
    assert {event["data"]["id"] for event in events} == {held["id"]}


def test_event_is_found_by_id(merchant):
    merchant.charge()
    (event,) = merchant.api.get("/events").json()["data"]

    assert merchant.api.get(event["location"]).json() == event
    assert error_of(merchant.api.get("/events/evnt_test_unknown")) == (404, "not_found")


def test_immediate_charges_have_no_complete_event(merchant):
    merchant.charge()
    merchant.charge("4000000000000002")

    assert merchant.events() == ["charge.create", "charge.create"]


def test_rejected_call_has_no_event(merchant):
    merchant.api.post("/charges", amount=1, currency="thb", card=merchant.token()["id"])

    assert merchant.events() == []
