"""What waits for staff: disputes, unknown results, overdue charges, tasks that failed."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from storefront.admin.labels import DISCARD_TASK, RETRY_TASK, subject_name, task_label
from storefront.container import services
from storefront.payments.pending_charges import RETRY_INTERVAL
from storefront.payments.task_models import Task
from storefront.web.admin.query_args import MAX_ID
from storefront.web.admin.session import current_staff

#: What is confirmed after each decision.
DECIDED = {"retry": "The task will be tried again.", "discard": "Task deleted."}

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
def index() -> ResponseReturnValue:
    """List them."""
    parts = services()
    tasks = parts.engine.dead_letters.all()
    return render_template(
        "admin/tasks.html",
        tasks=tasks,
        subjects=parts.admin_queries.subjects({_subject(task) for task in tasks}),
        subject_of=_subject,
        task_label=task_label,
        subject_name=subject_name,
        overdue=parts.admin_queries.overdue_charges(parts.now()),
        retry_interval=RETRY_INTERVAL,
        disputes=parts.engine.disputes.undecided(livemode=parts.settings.livemode),
        unresolved=parts.admin_queries.overdue_attempts(parts.now() - parts.engine.settled_after),
    )


@bp.post(f"/<int(max={MAX_ID}):task_id>/<any(retry, discard):decision>")
def decide(task_id: int, decision: str) -> ResponseReturnValue:
    """Try a task again, or delete it."""
    letters = services().engine.dead_letters
    task = next((task for task in letters.all() if task.id == task_id), None) or abort(404)
    services().audit_log.record(
        current_staff().email,
        RETRY_TASK if decision == "retry" else DISCARD_TASK,
        order_number=services().admin_queries.order_number_of(_subject(task)),
        detail=f"{task.kind} {task.subject}",
    )
    (letters.retry if decision == "retry" else letters.discard)(task_id)
    flash(DECIDED[decision], "success")
    return redirect(url_for(".index"), 303)


def _subject(task: Task) -> str:
    """The id in the subject of a task; that of a dispute has the status behind it."""
    return task.subject.partition(" ")[0]
