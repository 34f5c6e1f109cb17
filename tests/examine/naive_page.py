"""The payment page of the naive shop: a card form that makes the token in the browser."""

PAGE = """<!doctype html>
<html lang="en">
<title>Pay</title>
<script src="{sandbox}/omise.js" defer></script>
<script src="/page.js" defer></script>
<form action="/pay" method="post" data-key="{key}" data-wait="{wait}">
  <input type="hidden" name="order" value="{order}">
  <input type="hidden" name="amount" value="{amount}">
  <input type="hidden" name="currency" value="thb">
  <input type="hidden" name="token">
  <button type="button">Pay by card</button>
  <fieldset hidden>
  <label>Name <input autocomplete="cc-name"></label>
  <label>Card number <input autocomplete="cc-number"{name_of_number}></label>
  <label>Expiry <input autocomplete="cc-exp"></label>
  <label>Security code <input autocomplete="cc-csc"></label>
  <button>Pay now</button>
  </fieldset>
</form>
"""
SCRIPT = """
const form = document.querySelector("form")
const valueOf = (purpose) => form.querySelector(`[autocomplete=${purpose}]`).value
Omise.setPublicKey(form.dataset.key)
form.querySelector("[type=button]").addEventListener("click", () => {
  form.querySelector("fieldset").hidden = false
})
let presses = 0
let tokens = 0
form.addEventListener("submit", (event) => {
  event.preventDefault()
  presses += 1
  const [month, year] = valueOf("cc-exp").split("/")
  const card = {
    name: valueOf("cc-name"),
    number: valueOf("cc-number"),
    expiration_month: Number(month),
    expiration_year: 2000 + Number(year),
    security_code: valueOf("cc-csc"),
  }
  setTimeout(() => Omise.createToken("card", card, (status, answer) => {
    form.elements.token.value = answer.id
    tokens += 1
    if (tokens === presses) form.submit()
    else fetch("/pay", { method: "POST", body: new FormData(form), keepalive: true })
  }), Number(form.dataset.wait))
})
"""


def page(sandbox, key, order, amount, mistakes):
    """The page for an order. A page that is slow to make the token is no mistake."""
    wait = 600 if "slow-page" in mistakes else 0
    name = ' name="number"' if "card-leak" in mistakes else ""
    more = {"wait": wait, "name_of_number": name}
    return PAGE.format(sandbox=sandbox, key=key, order=order, amount=amount, **more)


def policy(sandbox):
    """The content security policy: the script, and the frame that makes the token."""
    return f"default-src 'self'; script-src 'self' {sandbox}; frame-src {sandbox}"
