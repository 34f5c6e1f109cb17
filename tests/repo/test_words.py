"""The words under "Not used" in docs/glossary.md stand nowhere in the repository."""

import re
import subprocess

import pytest

from tests.support.programs import ROOT

#: History, other languages, generated files, and the two files that list the words.
EXEMPT = re.compile(
    r"CHANGELOG\.md|LICENSE|docs/glossary\.md|tests/repo/test_words\.py|.*\.po|.*package-lock\.json"
    r"|(?:sandbox/)?requirements(?:-dev)?\.txt|tests/sandbox/recorded/.*"
)


def word(pattern):
    """The pattern as a word, or as a part of a name in snake_case."""
    return rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])"


#: Words as docs/glossary.md lists them → what to search for.
PATTERNS = {
    "whoever, whatever": word(r"(?i:(?:who|what)ever)"),
    "somebody, nobody, anybody": word(r"(?i:(?:some|no|any)body)"),
    "anew": word(r"(?i:anew)"),
    "mend": word(r"(?i:mend(?:s|ed|ing)?)"),
    "of ours, of theirs": word(r"(?i:of[ _](?:ours|theirs))"),
    "at hand": word(r"(?i:at[ _]hand)"),
    "let in": word(r"(?i:let(?:s|ting)?[ _](?:\w+ )?in)"),
    "told of": word(r"(?i:told[ _]of)"),
    "look after": word(r"(?i:look(?:s|ed|ing)?[ _]after)"),
    "come to light": word(r"(?i:(?:c[oa]mes?|coming)[ _]to[ _]light)"),
    "thought lost": word(r"(?i:thought[ _]lost)"),
    "stand-in": word(r"(?i:stand[-_]ins?)"),
    "road": word(r"roads?|ROADS?"),  # addresses have a Road
    "shelf": word(r"(?i:shel(?:f|ves))"),
    # Browsers and Playwright click too; Python has a package named click.
    "click (for a key)": r"new_click|click_key|\bclick\s*=(?!=)|[(,] ?click *[,)]|name=.click\b",
    # Clocks and pointers move too.
    "moves (for captures, voids and refunds)": (
        r"MoneyMove|OrderMove|MOVABLE|begin_move|money_moves?\b|order_moves?\b|\bmoves?_[a-z]"
        r"|\bmoves? *=(?!=)|\bmoves?\.[a-z]|\bfor moves? in\b|(?<!mouse)\.moves?\("
    ),
}

PLANTED = {
    "whoever, whatever": ["Whoever calls it", "do_whatever()"],
    "somebody, nobody, anybody": ["nobody pays", "_nobody", "SOMEBODY"],
    "anew": ["asks anew"],
    "mend": ["how to mend it", "def mend(", "was mended"],
    "of ours, of theirs": ["a program of ours", "charges_of_theirs"],
    "at hand": ["when at hand"],
    "let in": ["let somebody in", "def let_in()"],
    "told of": ["was told of it", "told_of("],
    "look after": ["looks after it"],
    "come to light": ["when it comes to light"],
    "thought lost": ["a charge thought lost"],
    "stand-in": ["a stand-in for Omise"],
    "road": ["no such road", "ROADS["],
    "shelf": ["the Shelf", "two shelves"],
    "click (for a key)": ["new_click()", "f(number, click)", 'name="click"', "click=key"],
    "moves (for captures, voids and refunds)": ["money_moves", "MoneyMoves", "moves = []"],
}

ALLOWED = [
    'page.get_by_role("button").click()',
    'addEventListener("click", run)',
    "import click",
    "@click.option(",
    "a second click charges nothing",
    "page.mouse.move(1, 2)",
    "the clock moves on",
    "list.remove(item)",
    "1448/4 Praditmanutham Road",
    "recommended",
    "let index = 0",
]


def tracked_files():
    """Text files under version control, and new ones that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in sorted(listed.stdout.splitlines()):
        if not EXEMPT.fullmatch(name) and (ROOT / name).is_file():
            content = (ROOT / name).read_bytes()
            if b"\0" not in content:
                yield name, content.decode()


def found(pattern, text):
    """Line numbers and lines that match."""
    if not re.search(pattern, text):  # much cheaper than line by line
        return []
    return [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_unused_words_stand_nowhere():
    places = [
        f"{name}:{number}: {entry}: {line[:100]}"
        for name, text in tracked_files()
        for entry, pattern in PATTERNS.items()
        for number, line in found(pattern, text)
    ]

    assert places == [], "\n" + "\n".join(places)


def test_unused_words_are_those_of_the_glossary():
    section = (ROOT / "docs/glossary.md").read_text().split("## Not used")[1]
    listed = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", section, re.M)

    assert set(listed) - {"word"} == set(PATTERNS) == set(PLANTED)


@pytest.mark.parametrize("entry", PLANTED)
def test_planted_word_is_found(entry):
    assert [line for line in PLANTED[entry] if not found(PATTERNS[entry], line)] == []


@pytest.mark.parametrize("line", ALLOWED)
def test_other_meaning_is_allowed(line):
    assert [entry for entry, pattern in PATTERNS.items() if found(pattern, line)] == []
