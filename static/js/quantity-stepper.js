/** A shopper who clicks several times sends the sum of it. */
const PAUSE_MS = 500
const FOCUS = "quantity-stepper-focus"

/**
 * Changes the quantity in its form by buttons, and sends the form without one.
 * Attribute: `updated`, what a screen reader says once the new page is there.
 */
export class QuantityStepper extends HTMLElement {
  #timer = 0
  #listeners = new AbortController()

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.addEventListener("click", (event) => this.#step(event), { signal })
    this.addEventListener("change", () => this.#sendLater(), { signal })
    this.#resume()
  }

  disconnectedCallback() {
    this.#listeners.abort()
    clearTimeout(this.#timer)
  }

  #input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[name='quantity']"))
  }

  /** @param {MouseEvent} event */
  #step(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null
    const input = this.#input()
    const quantity = Math.trunc(Number(input.value)) + Number(button?.dataset.step ?? NaN)
    if (!(quantity >= 1 && quantity <= Number(input.max))) return
    input.value = String(quantity)
    this.#sendLater()
  }

  #sendLater() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#send(), PAUSE_MS)
  }

  #send() {
    if (this.#input().value === this.#input().defaultValue) return
    const focused = this.contains(document.activeElement) ? document.activeElement?.id : ""
    sessionStorage.setItem(FOCUS, focused || this.#input().id)
    this.querySelector("form")?.requestSubmit()
  }

  /** The page is new after each change: go back to where the shopper was. */
  #resume() {
    const focused = document.getElementById(sessionStorage.getItem(FOCUS) ?? "")
    if (!focused || !this.contains(focused)) return
    sessionStorage.removeItem(FOCUS)
    focused.focus()
    const status = document.querySelector("[data-cart-status]")
    if (status) status.textContent = this.getAttribute("updated")
  }
}

customElements.define("quantity-stepper", QuantityStepper)
