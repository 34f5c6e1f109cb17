"""What the style sheets promise to tests that do not look at everything in every language."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    file for folder in ("static", "storefront") for file in sorted((ROOT / folder).rglob("*.css"))
]

#: The rules for a language, and the properties that they may set: space and breaks.
OF_A_LANGUAGE = re.compile(r"[^{}]*(?::lang\(|\[lang)[^{}]*\{(?P<body>[^{}]*)\}")
SPACE = re.compile(r"--(leading|tracking)|letter-|line-|word-|text-wrap|(max|min)-inline-size")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_colours_and_sizes_of_text_do_not_depend_on_the_language(file):
    text = file.read_text()
    rules = OF_A_LANGUAGE.finditer(text)
    properties = [
        declaration.partition(":")[0].strip()
        for rule in rules
        for declaration in re.sub(r"/\*.*?\*/", "", rule["body"], flags=re.S).split(";")
        if declaration.strip()
    ]

    assert ":lang(" not in OF_A_LANGUAGE.sub("", text)
    assert [name for name in properties if not SPACE.match(name)] == []
