"""What staff see first of an order, and how the rows of lists look on a phone."""

from playwright.sync_api import expect

from e2e.pages.checkout import EMAIL
from e2e.support.viewport import DESKTOP_SIZE, PHONE_SIZE

#: Of every row that is a card: where labels and values begin, and whether the first line is whole.
MEASURE_CARDS = """(table) => [...table.querySelectorAll("tbody tr")].map((row) => {
  const cells = [...row.querySelectorAll("[data-label]")].filter((cell) => cell.textContent.trim())
  const first = (cell) => {
    const range = document.createRange()
    range.selectNodeContents(cell)
    return [...range.getClientRects()].filter(({ width }) => width > 0)
  }
  const head = [...row.querySelectorAll(".data-table__title > a, .data-table__aside")]
  return {
    labels: cells.map((cell) => cell.getBoundingClientRect().left),
    values: cells.map((cell) => Math.min(...first(cell).map(({ left }) => left))),
    headLines: head.map((cell) => new Set(first(cell).map(({ top }) => Math.round(top))).size),
    headMiddles: head.map((cell) => Math.round((first(cell)[0].top + first(cell)[0].bottom) / 2)),
  }
})"""


def lists_of(order):
    """The lists whose rows are cards on a phone."""
    return (
        "/admin/orders",
        f"/admin/orders/{order}",
        "/admin/events",
        "/admin/audit",
        "/admin/mails",
        "/admin/staff",
    )


def top(locator):
    """Where an element begins."""
    return locator.bounding_box()["y"]


def test_labels_and_values_of_cards_are_in_two_columns(admin, order, shop):
    shop.run_worker()
    admin.page.set_viewport_size(PHONE_SIZE)
    for path in lists_of(order):
        admin.page.goto(path)
        cards = admin.main.locator(".data-table--cards").evaluate(MEASURE_CARDS)
        labels = {left for card in cards for left in card["labels"]}
        values = {round(left) for card in cards for left in card["values"]}

        assert cards, path
        assert len(labels) == 1, path
        assert len(values) == 1, path
        assert max(values) > min(labels) + 50, path


def test_card_of_an_order_begins_with_number_and_total(admin, order):
    admin.page.set_viewport_size(PHONE_SIZE)
    admin.search_orders(order)

    [card] = admin.main.locator(".data-table--cards").evaluate(MEASURE_CARDS)
    assert card["headLines"] == [1, 1]
    assert len(set(card["headMiddles"])) == 1
    status = admin.row(order).get_by_text("Paid", exact=True)
    assert top(status) > top(admin.row(order).get_by_role("link"))
    assert top(status) < top(admin.row(order).get_by_text(EMAIL))


def test_operations_on_an_order_need_no_scrolling(admin, order):
    admin.page.set_viewport_size(DESKTOP_SIZE)
    admin.open_order(order)

    for name in ("Mark as shipped", "Mark as packed", "Refund…"):
        expect(admin.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    expect(admin.main.get_by_text("Paid", exact=True)).to_be_in_viewport(ratio=1)


def test_order_has_two_columns_on_a_desktop(admin, order):
    admin.page.set_viewport_size(DESKTOP_SIZE)
    admin.open_order(order)

    items = admin.main.get_by_role("region", name="Items").bounding_box()
    for name in ("Customer", "Payment", "Notes"):
        box = admin.main.get_by_role("region", name=name).bounding_box()
        assert box["x"] > items["x"] + items["width"], name
        assert box["width"] < items["width"] / 2, name
    history = admin.main.get_by_role("region", name="Order history").bounding_box()
    assert history["x"] == items["x"]


def test_order_reads_from_status_to_history_on_a_phone(admin, order):
    admin.page.set_viewport_size(PHONE_SIZE)
    admin.open_order(order)

    names = ("Ship", "Refund", "Items", "Customer", "Payment", "Notes", "Order history")
    regions = [admin.main.get_by_role("region", name=name) for name in names]
    tops = [top(admin.main.get_by_text("Paid", exact=True)), *map(top, regions)]
    assert tops == sorted(tops)


def test_refund_is_folded_on_a_phone(admin, order):
    admin.page.set_viewport_size(PHONE_SIZE)
    admin.open_order(order)
    refund = admin.main.get_by_role("region", name="Refund")
    expect(refund.get_by_label("Reason")).to_be_hidden()

    refund.get_by_text("Up to ฿390.00").click()
    refund.get_by_role("button", name="Refund…").click()

    expect(admin.heading).to_have_text("Refund ฿390.00?")


def test_refused_refund_is_open_on_a_phone(admin, order, quiet_browser):
    quiet_browser.expect_status(422)
    admin.open_order(order)
    admin.start("Refund", "390.01")
    admin.page.set_viewport_size(PHONE_SIZE)

    expect(admin.main.get_by_text("Enter an amount of ฿390.00 or less.")).to_be_visible()
