/**
 * Lets its form be sent once: a second click must not ask for the same thing again.
 * A courtesy; the server is what guarantees it.
 */
export class SubmitOnce extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.addEventListener("submit", (event) => this.#send(event), { signal })
    window.addEventListener("pageshow", (event) => event.persisted && this.#rest(), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    if (this.hasAttribute("sent")) return event.preventDefault()
    this.setAttribute("sent", "")
    event.submitter?.setAttribute("aria-disabled", "true")
  }

  // The back button may bring the page back as it was left.
  #rest() {
    this.removeAttribute("sent")
    this.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled")
  }
}

customElements.define("submit-once", SubmitOnce)
