"""Stock levels, set by staff."""

from playwright.sync_api import expect

from e2e.support.accessibility import violations


def test_stock_level_shows_in_the_shop(admin, shopper, quiet_browser):
    quiet_browser.expect_status(422)
    admin.go_to("Stock")
    field = admin.page.get_by_label("Available of Beeswax candle")
    mugs = admin.page.get_by_label("Available of Stoneware mug")
    mugs.fill("3")
    set_stock(admin, field, "many")
    expect(mugs).to_have_value("3")
    expect(admin.main).to_contain_text("Enter a whole number, or leave the field empty.")
    expect(field).to_have_value("many")

    set_stock(admin, field, "0")
    expect(admin.main).to_contain_text("Stock saved: Stoneware mug, Beeswax candle.")
    expect(admin.row("Beeswax candle")).to_contain_text("Sold out")
    expect(admin.row("Stoneware mug")).to_contain_text("Low")
    assert violations(admin.page) == []

    shopper.page.goto("/products/candle")
    expect(shopper.page.get_by_text("Sold out", exact=True)).to_be_visible()
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_disabled()
    assert violations(shopper.page) == []

    mugs.fill("")
    set_stock(admin, field, "")
    shopper.page.reload()
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_enabled()


def set_stock(admin, field, count):
    """Say how many are left."""
    field.fill(count)
    admin.page.get_by_role("button", name="Save").click()
