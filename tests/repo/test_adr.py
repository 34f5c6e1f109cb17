"""Decision records are complete, short and listed."""

import re

import pytest

from tests.support.programs import ROOT

FOLDER = ROOT / "docs/adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Status", "Context", "Decision", "Consequences"]

#: About one page.
MAX_WORDS = 400


def test_index_lists_every_record_with_its_title_and_status():
    rows = re.findall(
        r"^\| \[(\d+)\]\((\S+)\) \| (.+) \| (\w+) \|$", (FOLDER / "README.md").read_text(), re.M
    )

    assert rows == [
        (
            str(number),
            path.name,
            re.match(r"# \d+\. (.+)\n", path.read_text())[1],
            re.search(r"## Status\n\n(\w+)", path.read_text())[1].lower(),
        )
        for number, path in enumerate(RECORDS, 1)
    ]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_record_has_a_number_a_date_and_four_headings(path):
    text = path.read_text()

    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^Date: \d{4}-\d{2}-\d{2}$", text, re.M)
    assert re.findall(r"^## (.+)$", text, re.M) == HEADINGS
    assert len(text.split()) <= MAX_WORDS
