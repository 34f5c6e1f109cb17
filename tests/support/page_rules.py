"""Rules that hold for every page."""

import re
from collections import Counter
from collections.abc import Iterator

import html5lib

#: Fields that people fill in.
FIELDS = {"input", "select", "textarea"}

#: Kinds of input without a label: they are hidden, or their value is their label.
SPEAK_FOR_THEMSELVES = {"hidden", "submit", "button", "image", "reset"}

#: Attributes whose words are the ids of other elements.
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget")


def faults_in(text: str) -> list[str]:
    """What is wrong with a page; nothing if it is well made."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(text)
    found = [f"line {line}: {code} {about}" for (line, _), code, about in parser.errors]
    for rule in (head, headings, ids, fields, pictures, inline_code):
        found += rule(page)
    return found


def head(page) -> Iterator[str]:
    """The language, and a title that begins with the heading."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", page.get("lang", "")):
        yield "the page does not say in which language it is"
    titles = [words(title) for title in page.iter("title")]
    heading = words(next(page.iter("h1"), None))
    if len(titles) != 1 or not titles[0].startswith(heading):
        yield f"the title {titles} does not begin with {heading!r}"


def headings(page) -> Iterator[str]:
    """One main heading, and none that is empty or skips a rank."""
    found = [element for element in page.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    ranks = [int(element.tag[1]) for element in found]
    if ranks.count(1) != 1:
        yield f"{ranks.count(1)} main headings"
    if any(after > before + 1 for before, after in zip([0, *ranks], ranks, strict=False)):
        yield f"a rank of headings is skipped: {ranks}"
    yield from (f"an empty {element.tag}" for element in found if not words(element))


def ids(page) -> Iterator[str]:
    """Each name is given once, and what is referred to is there."""
    names = Counter(element.get("id") for element in page.iter() if element.get("id") is not None)
    yield from (
        f"{count} elements are called {name!r}" for name, count in names.items() if count > 1
    )
    for element in page.iter():
        referred = [name for key in REFERENCES for name in element.get(key, "").split()]
        if (link := element.get("href", "")).startswith("#"):
            referred.append(link[1:])
        yield from (
            f"{element.tag} refers to no {name!r}" for name in referred if name not in names
        )


def fields(page) -> Iterator[str]:
    """Every field has a label, and every button a name."""
    labelled = {label.get("for") for label in page.iter("label") if words(label)}
    for element in page.iter():
        named = element.get("aria-label") or element.get("aria-labelledby")
        if element.tag in FIELDS and element.get("type") not in SPEAK_FOR_THEMSELVES:
            if not named and element.get("id") not in labelled:
                yield f"{element.tag} {dict(element.attrib)} has no label"
        elif element.tag in {"button", "a"} and not (named or words(element)):
            yield f"{element.tag} {dict(element.attrib)} has no name"


def pictures(page) -> Iterator[str]:
    """Pictures have words, or none on purpose, and keep their place before they come."""
    for picture in page.iter("img"):
        missing = {"alt", "width", "height"} - set(picture.attrib)
        if missing:
            yield f"{picture.get('src')} has no {', '.join(sorted(missing))}"


def inline_code(page) -> Iterator[str]:
    """No scripts and styles but in files, where the content policy lets them be."""
    for element in page.iter():
        if element.tag == "style" or "style" in element.attrib:
            yield f"{element.tag} has a style of its own"
        if element.tag == "script" and not element.get("src") and is_run(element):
            yield "a script stands in the page"
        yield from (f"{element.tag} has {key}" for key in element.attrib if key.startswith("on"))


def is_run(script) -> bool:
    """Whether it is more than data."""
    return script.get("type", "module") in {"module", "text/javascript", "importmap"}


def words(element) -> str:
    """What an element says, its pictures too."""
    if element is None:
        return ""
    pictures = [picture.get("alt", "") for picture in element.iter("img")]
    return " ".join("".join([*element.itertext(), *pictures]).split())
