"""The layout of a page by its boxes and computed styles, which mean the same in every browser."""

from playwright.sync_api import Page

from e2e.support.accessibility import SCHEMES, Scheme

#: A phone and a desktop.
SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}

#: Finds boxes that are cut off, lie outside the screen, or lie on each other.
FIND_PROBLEMS = """() => {
  const problems = []
  const width = document.documentElement.clientWidth
  const shown = (element) => {
    const { width, height } = element.getBoundingClientRect()
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      && width > 1 && height > 1
  }
  const text = (element) => (element.innerText || element.id).slice(0, 30)
  const name = (element) => `${element.localName} "${text(element)}"`
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown)

  for (const element of all("body *")) {
    const { left, right } = element.getBoundingClientRect()
    if (left < -1 || right > width + 1) problems.push(`${name(element)} lies outside the screen`)
    const style = getComputedStyle(element)
    const isClipped = style.overflowX === "hidden" || style.overflowX === "clip"
    if (isClipped && element.scrollWidth > element.clientWidth + 1) {
      problems.push(`${name(element)} is cut off`)
    }
  }

  const controls = all("a, button, input, select, summary")
  for (const [index, first] of controls.entries()) {
    for (const second of controls.slice(index + 1)) {
      if (first.contains(second) || second.contains(first)) continue
      const [a, b] = [first.getBoundingClientRect(), second.getBoundingClientRect()]
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (across > 1 && down > 1) problems.push(`${name(first)} lies on ${name(second)}`)
    }
  }
  return problems
}"""

#: What the style sheets decide about the page as a whole.
MEASURE = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect()
  const [header, main, footer] = ["header", "main", "footer"].map(box)
  const canvas = document.createElement("canvas").getContext("2d")
  const brightness = (color) => {
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((sum, part) => sum + part) / 765
  }
  const body = getComputedStyle(document.body)
  const ground = [document.body, document.documentElement]
    .map((element) => getComputedStyle(element).backgroundColor)
    .find((color) => !/^rgba\\(.*, 0\\)$/.test(color)) ?? "white"
  return {
    inOrder: header.bottom <= main.top + 1 && main.bottom <= footer.top + 1,
    offCentre: Math.abs(main.left - (document.documentElement.clientWidth - main.right)),
    lineLength: main.width / parseFloat(body.fontSize),
    fontSize: parseFloat(body.fontSize),
    headingSize: parseFloat(getComputedStyle(document.querySelector("h1")).fontSize),
    ground: brightness(ground),
    text: brightness(body.color),
  }
}"""

#: Of a page, in widths of a capital M, roughly.
MAX_LINE_LENGTH = 80


def layout_problems(page: Page) -> list[str]:
    """What is wrong with the layout on a phone and on a desktop, in both colour schemes."""
    before = page.viewport_size
    problems = [
        f"{screen}, {scheme}: {problem}"
        for screen, (width, height) in SCREENS.items()
        for scheme in SCHEMES
        for problem in problems_on(page, width, height, scheme)
    ]
    page.set_viewport_size(before)
    return problems


def problems_on(page: Page, width: int, height: int, scheme: Scheme) -> list[str]:
    """What is wrong on a screen of this size, in this colour scheme."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    measured = page.evaluate(MEASURE)
    is_dark = measured["ground"] < 0.2 and measured["text"] > 0.6
    is_light = measured["ground"] > 0.8 and measured["text"] < 0.4
    expectations = {
        "header, main and footer stand in this order": measured["inOrder"],
        "the content is centred": measured["offCentre"] <= 1,
        "lines are not too long": measured["lineLength"] <= MAX_LINE_LENGTH,
        "the text is large enough": measured["fontSize"] >= 16,
        "the heading is larger than the text": measured["headingSize"] > measured["fontSize"],
        "the colours are those of the scheme": is_dark if scheme == "dark" else is_light,
    }
    failed = [f"not so: {what} ({measured})" for what, holds in expectations.items() if not holds]
    return failed + page.evaluate(FIND_PROBLEMS)
