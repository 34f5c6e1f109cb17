"""What the style sheets promise to tests that do not look at everything in every language."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    file for folder in ("static", "storefront") for file in sorted((ROOT / folder).rglob("*.css"))
]

#: A rule, and what makes it one for a language, which may set space and breaks.
RULE = re.compile(r"(?P<selector>[^{}]*)\{(?P<body>[^{}]*)\}")
OF_A_LANGUAGE = re.compile(r":lang\(|\[lang")
SPACE = re.compile(r"--(leading|tracking)|letter-|line-|word-|text-wrap|(max|min)-inline-size")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_colours_and_sizes_of_text_do_not_depend_on_the_language(file):
    text = file.read_text()
    rules = [rule for rule in RULE.finditer(text) if OF_A_LANGUAGE.search(rule["selector"])]
    properties = [
        declaration.partition(":")[0].strip()
        for rule in rules
        for declaration in re.sub(r"/\*.*?\*/", "", rule["body"], flags=re.S).split(";")
        if declaration.strip()
    ]

    assert text.count(":lang(") == sum(rule[0].count(":lang(") for rule in rules)
    assert [name for name in properties if not SPACE.match(name)] == []
