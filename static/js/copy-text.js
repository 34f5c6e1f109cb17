const SAID_FOR_MS = 4_000

/**
 * Shows its button, which copies the text of an element; without scripts or a clipboard there is none.
 * Attributes: `for`, the id of the element; `data-copied`, what is said then.
 */
export class CopyText extends HTMLElement {
  #timer = 0

  connectedCallback() {
    this.hidden = !navigator.clipboard
    this.querySelector("button")?.addEventListener("click", () => this.#copy())
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  async #copy() {
    const source = document.getElementById(this.getAttribute("for") ?? "")
    if (!source) return
    try {
      await navigator.clipboard.writeText(source.textContent.trim())
    } catch {
      // Not allowed: selected, so that the shopper can copy it.
      getSelection()?.selectAllChildren(source)
      return
    }
    this.#say(this.dataset.copied ?? "")
    clearTimeout(this.#timer)
    // Emptied, so that it is announced again when it is copied again.
    this.#timer = setTimeout(() => this.#say(""), SAID_FOR_MS)
  }

  /** @param {string} text */
  #say(text) {
    const status = this.querySelector("[role=status]")
    if (status) status.textContent = text
  }
}

customElements.define("copy-text", CopyText)
