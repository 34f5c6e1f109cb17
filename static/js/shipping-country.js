/**
 * Shows the sums for the country that is chosen in its menu, wherever on the page they stand.
 * Each option carries them: `data-shipping`, `data-tax` and `data-total` to read, `data-amount` to send.
 */
export class ShippingCountry extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.addEventListener("input", () => this.#show(), { signal })
    // The browser may have restored another choice than the page came with.
    window.addEventListener("pageshow", () => this.#show(), { signal })
    this.#show()
  }

  disconnectedCallback() {
    this.#listeners.abort()
  }

  #show() {
    const option = this.querySelector("select")?.selectedOptions[0]
    if (!option) return
    for (const place of document.querySelectorAll("[data-sum]")) {
      if (place instanceof HTMLElement) place.textContent = option.dataset[place.dataset.sum ?? ""] ?? ""
    }
    const { amount = "" } = option.dataset
    const input = document.querySelector("input[name='amount']")
    if (input instanceof HTMLInputElement) input.value = amount
    if (amount) document.querySelector("[public-key][amount]")?.setAttribute("amount", amount)
  }
}

customElements.define("shipping-country", ShippingCountry)
