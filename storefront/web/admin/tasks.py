"""What waits for staff: tasks that were set aside, results that are not known, disputes."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.web.admin.query_args import MAX_ID
from storefront.web.admin.session import current_staff

#: What is confirmed after each decision.
DECIDED = {"retry": "The task is tried again.", "discard": "The task was deleted."}

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
def index() -> ResponseReturnValue:
    """List them."""
    parts = services()
    return render_template(
        "admin/tasks.html",
        tasks=parts.engine.dead_letters.all(),
        disputes=parts.engine.disputes.undecided(livemode=parts.settings.livemode),
        unresolved=parts.admin_queries.overdue_attempts(parts.now() - parts.engine.settled_after),
    )


@bp.post(f"/<int(max={MAX_ID}):task_id>/<any(retry, discard):decision>")
def decide(task_id: int, decision: str) -> ResponseReturnValue:
    """Try a task again, or delete it."""
    letters = services().engine.dead_letters
    task = next((task for task in letters.all() if task.id == task_id), None) or abort(404)
    services().audit_log.record(
        current_staff().email, f"{decision} task", detail=f"{task.kind} {task.subject}"
    )
    (letters.retry if decision == "retry" else letters.discard)(task_id)
    flash(DECIDED[decision], "success")
    return redirect(url_for(".index"), 303)
