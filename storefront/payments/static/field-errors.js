/** @typedef {{ field: string, sentence: string }} Problem */

/** The errors of a form: a summary above it, and a sentence beside each field. */
export class FieldErrors {
  /** @param {HTMLElement} root the element around the form */
  constructor(root) {
    this.root = root
  }

  /** @param {Problem[]} problems */
  show(problems) {
    this.clear()
    for (const problem of problems) this.showBeside(problem)
    const summary = this.#summary
    summary?.querySelector("ul")?.replaceChildren(...problems.map((problem) => this.#item(problem)))
    if (!summary) return
    summary.hidden = false
    summary.focus()
  }

  clear() {
    for (const input of this.#inputs) this.clearBeside(input.dataset.field ?? "")
    const general = this.#beside("token")
    if (general) general.hidden = true
    if (this.#summary) this.#summary.hidden = true
  }

  /** @param {Problem} problem */
  showBeside({ field, sentence }) {
    const beside = this.#beside(field)
    this.input(field)?.setAttribute("aria-invalid", "true")
    if (!this.input(field) || !beside) return
    beside.textContent = sentence
    beside.hidden = false
  }

  /** @param {string} field */
  clearBeside(field) {
    const beside = this.#beside(field)
    this.input(field)?.removeAttribute("aria-invalid")
    if (!beside) return
    beside.textContent = ""
    beside.hidden = true
  }

  /** @param {string} field @returns {HTMLInputElement | null} */
  input(field) {
    return this.root.querySelector(`[data-field="${field}"]`)
  }

  /** @returns {NodeListOf<HTMLElement>} */
  get #inputs() {
    return this.root.querySelectorAll("[data-field]")
  }

  /** @returns {HTMLElement | null} */
  get #summary() {
    return this.root.querySelector("[data-error-summary]")
  }

  /** @param {string} field @returns {HTMLElement | null} */
  #beside(field) {
    return this.root.querySelector(`[data-problem="${field}"]`)
  }

  /** @param {Problem} problem */
  #item({ field, sentence }) {
    const item = document.createElement("li")
    const input = this.input(field)
    if (!input) {
      item.textContent = sentence
      return item
    }
    const link = document.createElement("a")
    link.href = `#${input.id}`
    link.textContent = sentence
    item.append(link)
    return item
  }
}
