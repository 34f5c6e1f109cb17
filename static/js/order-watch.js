const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000
const GROWTH = 1.5

/**
 * Asks how an order stands and loads the page again when that has changed.
 * Attributes: `src`, where to ask; `status`, what this page shows.
 */
export class OrderWatch extends HTMLElement {
  #pause = FIRST_PAUSE_MS
  #timer = 0
  #leavesUntil = 0
  #listeners = new AbortController()

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    const askNow = () => {
      if (!document.hidden) this.#ask()
    }
    document.addEventListener("visibilitychange", askNow, { signal })
    window.addEventListener("online", askNow, { signal })
    // A page loaded again would cancel the form or the link that the shopper has just used.
    const leave = () => (this.#leavesUntil = Date.now() + LONGEST_PAUSE_MS)
    window.addEventListener("beforeunload", leave, { signal })
    this.#askLater()
  }

  disconnectedCallback() {
    this.#listeners.abort()
    clearTimeout(this.#timer)
  }

  #askLater() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(), this.#pause)
    this.#pause = Math.min(this.#pause * GROWTH, LONGEST_PAUSE_MS)
  }

  async #ask() {
    clearTimeout(this.#timer)
    const status = document.hidden ? null : await this.#fetchStatus()
    if (!this.isConnected) return
    const isNew = status && status !== this.getAttribute("status")
    if (isNew && Date.now() > this.#leavesUntil) return location.reload()
    this.#askLater()
  }

  /** @returns {Promise<string | null>} the status, or null without an answer */
  async #fetchStatus() {
    try {
      const response = await fetch(this.getAttribute("src") ?? "", {
        headers: { Accept: "application/json" },
        cache: "no-store",
        signal: AbortSignal.timeout(LONGEST_PAUSE_MS),
      })
      return response.ok ? (await response.json()).status : null
    } catch {
      return null
    }
  }
}

customElements.define("order-watch", OrderWatch)
