/** What a payment changes on the page when a line of the order is removed; the card that was typed stays. */
const REFRESHED = ["#order-summary", "[data-error-summary]", "[name='cart']", "[name='amount']", "[name='items']", "[data-pay]"]

// For Trusted Types: pages of this shop, which are only read.
const policy = window.trustedTypes?.createPolicy("checkout-lines", { createHTML: (html) => html })

/** @param {string} html */
function parse(html) {
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html")
}

/** @param {HTMLFormElement} form */
async function remove(form) {
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null)
  if (!answer?.ok) return form.submit()
  if (new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url)
  refresh(parse(await answer.text()))
}

/** @param {Document} page */
function refresh(page) {
  for (const selector of REFRESHED) {
    const part = page.querySelector(selector)
    if (part) document.querySelector(selector)?.replaceWith(part)
  }
  const amount = page.querySelector("[public-key]")?.getAttribute("amount")
  if (amount) document.querySelector("[public-key]")?.setAttribute("amount", amount)
  refreshCountries(page.querySelector("shipping-country select"))
  document.getElementById("order-summary")?.focus()
}

/** @param {HTMLSelectElement | null} countries the menu with the sums of the new order */
function refreshCountries(countries) {
  const chosen = document.querySelector("shipping-country select")
  if (!countries || !(chosen instanceof HTMLSelectElement)) return
  countries.value = chosen.value
  chosen.replaceWith(countries)
  countries.dispatchEvent(new Event("input", { bubbles: true }))
}

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-remove]")) return
  event.preventDefault()
  remove(event.target)
})

// The shop refused the form before the card was sent: some lines are sold out.
document.addEventListener("omise-refused", (event) => {
  const { detail } = /** @type {CustomEvent<{ sold_out?: string[] }>} */ (event)
  for (const sku of detail.sold_out ?? []) {
    const form = document.querySelector(`[data-remove="${sku}"]`)
    if (!(form instanceof HTMLElement)) continue
    form.hidden = false
    form.closest("details")?.setAttribute("open", "")
  }
})
