"""Today: headline figures compared with the day before, what needs attention, reasons in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from storefront.admin.decline_reasons import DECLINE_REASONS
from storefront.admin.figures import Headline
from storefront.payments.decline_messages import DECLINE_MESSAGES
from storefront.payments.money import Money
from tests.support.flask_shopper import FlaskShopper


def test_headline_figures_of_a_day(database, services, paid, stranger):
    stranger.puts_in_cart()
    stranger.pays("4111111111140011")
    today = services.now().astimezone(services.settings.timezone).date()

    figures = services.admin_queries.headline(today, "THB")

    assert figures == Headline(Money(39000, "THB"), paid=1, succeeded=1, failed=1)
    assert figures.success_rate == 50
    empty = services.admin_queries.headline(date(2020, 1, 1), "THB")
    assert (empty.revenue.amount, empty.success_rate) == (0, None)


def test_day_is_one_of_the_time_zone_of_the_shop(database, shop_with, world):
    app = shop_with(store_timezone="Pacific/Kiritimati")
    shopper, queries = FlaskShopper(app, world), app.extensions["shop"].admin_queries
    shopper.puts_in_cart()
    shopper.pays()

    today = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()

    assert queries.headline(today, "THB").paid == 1
    assert sum(hour.succeeded for hour in queries.hourly_counts(today)) == 1


def test_nothing_needs_attention_in_a_quiet_shop(staff, paid):
    staff.sees("/admin")

    assert "Nothing needs attention." in staff.text
    assert "Today, " in staff.text


def test_what_needs_attention_is_counted_with_links(staff, stranger, world, services, clock, paid):
    (charge,) = world.charges()
    world.api("POST", f"/charges/{charge['id']}/disputes", {})
    services.engine.resolver.sync_charge(charge["id"])
    services.inventory.set_level("mug", 2)
    stranger.puts_in_cart("vase")
    world.fails("POST", "/charges", "drop_before")
    stranger.pays()
    clock.advance(11 * 60)

    page = staff.sees("/admin").get_data(as_text=True)

    for item in ("Undecided disputes", "Results unknown for over 10 minutes", "Products low in"):
        assert item in page
    for address in ("/admin/tasks", "/admin/stock"):
        assert f'href="{address}"' in page


def test_authorization_that_soon_expires_needs_attention(services, world, clock, held):
    labels = [item.label for item in services.admin_queries.attention(clock())]
    assert labels == []

    clock.advance(6 * 24 * 3600)

    (item,) = services.admin_queries.attention(clock())
    assert (item.label, item.count) == ("Authorizations that expire within 2 days", 1)


def test_every_decline_code_has_words_for_staff():
    assert set(DECLINE_REASONS) >= set(DECLINE_MESSAGES)
