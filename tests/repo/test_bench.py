"""What the benchmarks rest on works, so that they are not broken when they are needed."""

from bench import goals
from bench.stored_orders import STATUSES, store
from storefront.payments.database import Database
from storefront.payments.repository import PaymentRepository


def test_orders_are_stored_as_the_shop_reads_them(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"

    store(url, 20, dict.fromkeys(STATUSES, 1))

    database = Database(url)
    statuses = {PaymentRepository(database).get(f"BENCH{i}").status for i in range(1, 21)}
    database.dispose()
    assert statuses == set(STATUSES)


def test_table_of_goals_has_its_place_on_the_page():
    page = goals.PAGE.read_text()

    assert page.index(goals.BEGIN) < page.index(goals.HEADER) < page.index(goals.END)


def test_missed_goals_are_named():
    met = goals.Goal("quick", "1 ms", "", 1, 2, unit=" ms")
    late = goals.Goal("slow", "3 ms", "2 ms", 1.5, 1)

    assert goals.missed([met, late]) == ["slow: 3 ms, 1.50"]
    assert str(met).endswith("| ≤ 2 ms | yes |")
