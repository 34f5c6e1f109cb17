/** Shows the password in its input while its button is pressed in; a sent form never shows it. */
export class ShowPassword extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    const button = this.#button()
    button.hidden = false
    button.addEventListener("click", () => this.#show(this.#input().type === "password"), { signal })
    this.closest("form")?.addEventListener("submit", () => this.#show(false), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    this.#input().type = isShown ? "text" : "password"
    this.#button().setAttribute("aria-pressed", String(isShown))
  }

  #input() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input"))
  }

  #button() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("button"))
  }
}

customElements.define("show-password", ShowPassword)
