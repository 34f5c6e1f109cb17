"""The commands `flask omise worker | reconcile | check | replay | migrate`."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import click

from .engine import MIGRATIONS, PaymentEngine
from .errors import InvalidSetting
from .money import Money
from .omise import OmiseError
from .reconciliation import ReconciliationReport
from .webhook_inbox import WebhookInbox


def build(
    engine: Callable[[], PaymentEngine], host_problems: Callable[[], Iterator[str]]
) -> Iterator[click.Command]:
    """The commands over the engine that `engine` returns when a command runs.

    Args:
        engine: the engine of the host.
        host_problems: what `check` reports of the host.
    """

    @click.command()
    @click.option("--once", is_flag=True, help="Handle the tasks that are due now, then end.")
    def worker(once: bool) -> None:
        """Resolve attempts, process webhooks, notify the host."""
        if once:
            click.echo(f"{engine().worker.run_due()} done")
        else:
            engine().worker.run()

    @click.command()
    @click.option("--since", type=click.DateTime(), help="Start, UTC; default: a day ago.")
    @click.option("--until", type=click.DateTime(), help="End, UTC; default: now.")
    def reconcile(since: datetime | None, until: datetime | None) -> None:
        """Compare payments with Omise's charges, repair them, print what is left.

        Exit status: 1 when a discrepancy is left, 2 when Omise cannot be reached.
        """
        now = datetime.now(UTC)
        start = since.replace(tzinfo=UTC) if since else now - timedelta(days=1)
        end = until.replace(tzinfo=UTC) if until else now
        try:
            report = engine().reconciler.run(start, end)
        except OmiseError as error:
            click.echo(f"Omise cannot be reached: {error}", err=True)
            sys.exit(2)
        print_report(report, currency=engine().settings.currency)
        sys.exit(1 if report.discrepancies else 0)

    @click.command()
    def check() -> None:
        """Check the settings and the keys, and that webhooks and returns from the bank arrive.

        Exit status: 1 when something is wrong.
        """
        try:
            problems = [*_problems(engine()), *host_problems()]
            mode = "live" if engine().settings.livemode else "test"
        except InvalidSetting as error:
            problems, mode = [str(error)], "unknown"
        for problem in problems:
            click.echo(problem)
        click.echo(f"{len(problems)} problems; {mode} mode")
        sys.exit(1 if problems else 0)

    @click.command()
    @click.argument("event_id")
    def replay(event_id: str) -> None:
        """Process a stored webhook again.

        Exit status: 1 when there is none with that id.
        """
        sys.exit(_replay(engine().inbox, event_id))

    @click.command()
    def migrate() -> None:
        """Create or update the tables of the engine (hosts without Alembic)."""
        engine().database.migrate(MIGRATIONS)

    yield from (worker, reconcile, check, replay, migrate)


def _replay(inbox: WebhookInbox, event_id: str) -> int:
    """Process a webhook and print what became of it: the exit status."""
    if inbox.find(event_id) is None:
        click.echo(f"There is no event {event_id}.", err=True)
        return 1
    inbox.process(event_id)
    event = inbox.find(event_id)
    click.echo(f"{event_id}: {event.status if event else 'deleted'}")
    return 0


def print_report(report: ReconciliationReport, *, currency: str) -> None:
    """Print the discrepancies and the net difference in money, one for each currency.

    Args:
        report: what a reconciliation found.
        currency: in which no difference is printed.
    """
    for each in report.discrepancies:
        where = " ".join(
            filter(None, [each.reference and f"order {each.reference}", each.charge_id])
        )
        click.echo(
            f"{where}: {each.description}; "
            f"recorded {_shown(each.recorded)}, at Omise {_shown(each.at_omise)}"
        )
    differences = report.net_differences or [Money(0, currency)]
    click.echo(
        f"{report.charges} charges, {report.attempts} attempts, {report.repaired} repaired, "
        f"{len(report.discrepancies)} discrepancies, "
        f"net difference {', '.join(map(_shown, differences))}"
    )


def _shown(money: Money | None) -> str:
    return money.format("en") if money else "nothing"


def _problems(engine: PaymentEngine) -> Iterator[str]:
    yield from account_problems(engine)
    if not engine.settings.webhook_secrets:
        yield "OMISE_WEBHOOK_SECRET is not set: webhooks are only hints"
    heartbeat = engine.outbox.last_heartbeat()
    if heartbeat is None:
        yield "no worker has run yet: start one with `flask omise worker`"


def account_problems(engine: PaymentEngine) -> Iterator[str]:
    """Whether Omise accepts the keys, and in the mode that they name."""
    try:
        engine.omise.capability()
        account = engine.omise.account()
    except OmiseError as error:
        yield f"Omise does not accept the keys or cannot be reached: {error}"
        return
    if account.livemode != engine.settings.livemode:
        keys, actual = ("live", "test") if engine.settings.livemode else ("test", "live")
        yield f"The keys are {keys} keys, but Omise says that their account is in {actual} mode"
