"""All text of the templates is marked for translation."""

import re

import pytest
from jinja2 import Environment, nodes

from storefront.settings import LANGUAGES
from tests.i18n.english import Words
from tests.support.programs import ROOT

CONFIG = (ROOT / "babel.cfg").read_text()

#: Pages of staff and developers, which `babel.cfg` leaves out.
ENGLISH_ONLY = tuple(re.findall(r"^\[ignore: (templates/[\w./]+?)(?:/\*\*)?\]", CONFIG, re.M))

#: Texts that are written once in each language.
IN_EACH_LANGUAGE = tuple(f".{language}.html" for language in LANGUAGES)

FILES = [path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*") if path.is_file()]
TEMPLATES = sorted(
    path.as_posix()
    for path in FILES
    if not path.as_posix().startswith(ENGLISH_ONLY) and not path.name.endswith(IN_EACH_LANGUAGE)
)

#: Looks like text and is none: a block inside a tag.
NOT_WORDS = {'data-status=""'}


@pytest.mark.parametrize("path", TEMPLATES)
def test_template_text_is_marked_for_translation(path):
    assert untranslated_in((ROOT / path).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ _('Hello') }} there</p>",
        "{# no #}{% if x %}Go{% endif %}",
        '<img alt="A mug">',
        '<input placeholder="Name">',
        "{{ field('email', 'Email') }}",
        "{{ x or 'Nothing here' }}",
        '<meta name="description" content="A shop">',
    ],
)
def test_unmarked_text_is_found(source):
    assert untranslated_in(source)


def untranslated_in(source):
    """The text of a template that is not marked for translation."""
    env = Environment()  # noqa: S701 - it is only read
    data = "".join(value for _, kind, value in env.lex(source) if kind == "data")
    texts = [text for text in Words(data).found if re.search(r"[^\W\d_]{2}", text)]
    return [text for text in [*texts, *literals(env.parse(source))] if text not in NOT_WORDS]


def literals(node):
    """Strings in expressions that look like text and are not inside `_()`."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") == "_":
        return
    if isinstance(node, nodes.Keyword) and node.key in {"autocomplete", "pattern"}:
        return
    value = getattr(node, "value", None) if isinstance(node, nodes.Const) else None
    if isinstance(value, str) and re.search(r"\b[A-Z][a-z]|[A-Za-z]{2} [A-Za-z]{2}", value):
        yield value
    for child in node.iter_child_nodes():
        yield from literals(child)
