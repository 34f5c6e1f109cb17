"""What pages that are asked for often may cost: statements, and modules that are loaded."""

import subprocess
import sys

from sqlalchemy import event

from tests.support.programs import ROOT

#: Who placed the order; the payment; its attempts.
MAX_STATEMENTS_OF_A_POLL = 3


def test_poll_reads_only_what_it_answers(shopper, services, paid):
    statements = []
    event.listen(
        services.database.engine,
        "before_cursor_execute",
        lambda _, __, statement, *___: statements.append(statement),
    )

    answer = shopper.client.get(f"/orders/{paid}/status")

    assert answer.get_json() == {"status": "paid", "final": True}
    reads = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(reads) <= MAX_STATEMENTS_OF_A_POLL
    assert "order_lines" not in " ".join(reads)


def test_worker_of_the_web_server_loads_no_alembic_and_no_driver_it_does_not_use():
    code = (
        "import sys\n"
        "from storefront import create_app, factory\n"
        "print(*sorted({'alembic', 'psycopg', 'playwright'} & set(sys.modules)))"
    )

    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert (loaded.stdout.strip(), loaded.returncode) == ("", 0)
