"""CI, git hooks and templates run commands that exist."""

import re
import tomllib

import pytest
import yaml

from tests.support.programs import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
JOBS = WORKFLOW["jobs"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.M))


def commands():
    """Commands of the workflow."""
    return [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]


def actions():
    """Actions of the workflow."""
    return [step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step]


def test_workflow_runs_targets_of_the_makefile_only():
    targets = [re.fullmatch(r"make ([a-z0-9-]+)", command)[1] for command in commands()]

    assert set(targets) <= TARGETS


def test_workflow_covers_everything_that_make_test_runs():
    rule = re.search(r"^test: (.*?) *## .*\n\t(.*)", (ROOT / "Makefile").read_text(), re.M)
    checks = set(rule[1].split()) & TARGETS - {"browser"}
    tests = {"unit", "crash", "e2e"}

    assert {f"make {target}" for target in checks | tests} <= set(commands())


def test_workflow_runs_every_supported_python_on_both_databases():
    matrix = JOBS["unit"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert project["requires-python"] == f">={matrix['python'][0]}"
    assert {entry["database"] for entry in matrix["include"]} == set(matrix["database"])


@pytest.mark.parametrize("action", sorted(set(actions())))
def test_actions_are_pinned_by_hash(action):
    assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)


def test_workflow_may_only_read():
    assert WORKFLOW["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_hooks_run_files_that_exist(hook):
    named = re.findall(r"(?:tools|tests)/[\w./-]+", hook["entry"])

    assert [
        path for path in named if "node_modules" not in path and not (ROOT / path).exists()
    ] == []


def test_dependabot_reads_folders_that_exist():
    config = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())
    folders = [
        folder
        for update in config["updates"]
        for folder in update.get("directories", [update.get("directory")])
    ]

    assert [folder for folder in folders if not (ROOT / folder.lstrip("/")).is_dir()] == []


@pytest.mark.parametrize("name", ["bug", "feature", "config"])
def test_issue_templates_are_valid_yaml(name):
    template = yaml.safe_load((ROOT / f".github/ISSUE_TEMPLATE/{name}.yml").read_text())

    assert template["contact_links" if name == "config" else "body"]
