"""What `flask --app app …` can do besides serving: migrate, worker, reconcile, replay-event."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from storefront.container import services
from storefront.errors import BrowserMissing, InvalidForm, StorefrontError
from storefront.ops.payment_page import accept as accept_scripts
from storefront.ops.payment_page import drift, inventory, look
from storefront.ops.preflight import Doctor, Finding, Gravity
from storefront.payments.money import Money
from storefront.payments.omise import OmiseError
from storefront.payments.reconciliation import Report


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for command in (
        migrate,
        worker,
        reconcile,
        replay_event,
        doctor,
        stock,
        create_staff,
        payment_page,
    ):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database up to date, and say what the doctor sees without asking anybody.

    Ends with 1 when the shop must not run like this. Gunicorn does it before it serves anything.
    """
    services().database.migrate()
    findings = list(_doctor().at_the_start())
    _tell(findings)
    sys.exit(_status_for(findings))


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@with_appcontext
def worker(once: bool) -> None:
    """Do what is still to be done: find out about attempts, handle webhooks."""
    if once:
        click.echo(f"{services().worker.work_off()} done")
    else:
        services().worker.run()


@click.command()
@click.option(
    "--since", type=click.DateTime(), help="Start of the period, UTC; a day ago if left out."
)
@click.option("--until", type=click.DateTime(), help="End of the period, UTC; now if left out.")
@with_appcontext
def reconcile(since: datetime | None, until: datetime | None) -> None:
    """Compare our ledger with Omise's charges, mend it, print what is left.

    Ends with 1 when any difference is left, with 2 when Omise could not be asked.
    """
    now = datetime.now(UTC)
    start = since.replace(tzinfo=UTC) if since else now - timedelta(days=1)
    end = until.replace(tzinfo=UTC) if until else now
    try:
        report = services().reconciler.run(start, end)
    except OmiseError as error:
        click.echo(f"Omise could not be asked: {error}", err=True)
        sys.exit(2)
    _print(report)
    sys.exit(1 if report.left else 0)


def _print(report: Report) -> None:
    currency = services().settings.store_currency

    def shown(amount: int) -> str:
        return Money(amount, currency).format("en")

    for item in report.left:
        where = " ".join(filter(None, [f"order {item.order}" if item.order else "", item.charge]))
        click.echo(f"{where}: {item.what}; ours {shown(item.ours)}, Omise's {shown(item.theirs)}")
    click.echo(
        f"{report.charges} charges, {report.attempts} attempts, {report.repaired} mended, "
        f"{len(report.left)} left, {shown(report.delta)} apart"
    )


@click.command()
@with_appcontext
def doctor() -> None:
    """Look for what would go wrong, and say how to mend it.

    Ends with 1 when the shop must not run like this.
    """
    settings, findings = services().settings, list(_doctor().findings())
    _tell(findings)
    mode = "live" if settings.livemode else "test"
    click.echo(f"{len(findings)} found; {mode} mode, {settings.store_currency}")
    sys.exit(_status_for(findings))


def _doctor() -> Doctor:
    parts = services()
    return Doctor(parts.settings, parts.health, parts.omise, current_app.debug)


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding.gravity}: {finding.what}\n  mend: {finding.mend}")


def _status_for(findings: list[Finding]) -> int:
    return 1 if any(finding.gravity == Gravity.REFUSE for finding in findings) else 0


@click.command("payment-page")
@click.option("--url", help="Of the shop; PUBLIC_URL if left out.")
@click.option("--accept", is_flag=True, help="Take the scripts of others as they are now.")
@click.option(
    "--accepted",
    type=click.Path(path_type=Path),
    default="data/payment-page.json",
    help="Where it is kept what was accepted.",
)
@click.option("--ignore-tls", is_flag=True, help="For a certificate of your own making.")
@with_appcontext
def payment_page(url: str | None, accept: bool, accepted: Path, ignore_tls: bool) -> None:
    """Compare the payment page, as a browser receives it, with its inventory.

    Ends with 1 when anything is not as it should be, with 2 when no browser can look. Needs the
    tools of requirements-dev.txt.
    """
    settings = services().settings
    try:
        seen = look(url or settings.public_url, _browser(), ignore_tls=ignore_tls)
    except BrowserMissing:
        click.echo("No browser can be driven here: install requirements-dev.txt.", err=True)
        sys.exit(2)
    if accept:
        accept_scripts(seen, inventory(settings), accepted)
    wanted = inventory(settings, accepted)
    differences = list(drift(seen, wanted))
    for difference in differences:
        click.echo(difference)
    click.echo(
        f"{len(seen.scripts)} scripts, {len(wanted.headers)} headers: "
        f"{len(differences)} differences"
    )
    sys.exit(1 if differences else 0)


def _browser() -> dict[str, str]:
    """How to start the Chromium of this machine."""
    search = [sys.executable, "tools/ensure_browser.py"]
    found = subprocess.run(search, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if found.returncode:
        raise BrowserMissing
    launch: dict[str, str] = json.loads(found.stdout)["launch"]
    return launch


@click.command("create-staff")
@click.argument("email")
@click.password_option(help="Asked for when left out, so that it is in no history.")
@with_appcontext
def create_staff(email: str, password: str) -> None:
    """Let somebody work in the back office, or give them a new password."""
    try:
        services().staff_accounts.create_or_reset(email, password)
    except InvalidForm as invalid:
        click.echo(invalid.message, err=True)
        sys.exit(1)
    click.echo(f"{email} may log in at /admin")


@click.command()
@click.argument("sku")
@click.argument("count", type=int, required=False)
@with_appcontext
def stock(sku: str, count: int | None) -> None:
    """Have COUNT left of a product; without COUNT it never runs out."""
    try:
        services().catalogue.product(sku)
        services().stockroom.put(sku, count)
    except StorefrontError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"{sku}: {'not counted' if count is None else count}")


@click.command("replay-event")
@click.argument("event_id")
@with_appcontext
def replay_event(event_id: str) -> None:
    """Handle a webhook that was kept once more."""
    services().events.handle(event_id)
