const A_SECOND_MS = 1_000

/**
 * Says how long is left, in minutes and seconds, instead of the moment that the server wrote.
 * Attributes: `until`, a moment; `data-over`, what is said when it has come.
 */
export class CountDown extends HTMLElement {
  #timer = 0

  connectedCallback() {
    const left = document.createElement("strong")
    left.className = "figures"
    // Not announced each second: the moment itself has been read out already.
    left.setAttribute("aria-hidden", "true")
    this.append(" ", left)
    this.#timer = setInterval(() => this.#tell(left), A_SECOND_MS)
    this.#tell(left)
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
  }

  /** @param {HTMLElement} left */
  #tell(left) {
    const seconds = Math.ceil((Date.parse(this.getAttribute("until") ?? "") - Date.now()) / A_SECOND_MS)
    if (seconds > 0) {
      left.textContent = `(${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")})`
      return
    }
    clearInterval(this.#timer)
    this.textContent = this.dataset.over ?? ""
    this.setAttribute("role", "status")
  }
}

customElements.define("count-down", CountDown)
