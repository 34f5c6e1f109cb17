"""Submit a form of the shop without opening it, for steps that only lead to what is tested."""

import re

from playwright.sync_api import APIRequestContext, expect

CSRF_FIELD = re.compile(r'name="csrf_token"[^>]* value="([^"]*)"')


def submit_form(request: APIRequestContext, path: str, action: str, **fields: str) -> str:
    """Read the CSRF token of the form at `path`, and post the fields to `action`.

    The cookies of the browser are sent, and those that are set are kept.

    Returns:
        where the answer leads.
    """
    form = request.get(path)
    expect(form).to_be_ok()
    [token] = set(CSRF_FIELD.findall(form.text()))
    answer = request.post(
        action,
        form={"csrf_token": token, **fields},
        # Public pages have no token: the browser's word replaces it.
        headers={"Referer": form.url, "Sec-Fetch-Site": "same-origin"},
        max_redirects=0,
    )
    assert answer.status == 303, f"{action} answered {answer.status}:\n{answer.text()}"
    return answer.headers["location"]
