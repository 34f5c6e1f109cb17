/** The form that pays, among others of the host. */
export const FORM = "form:has([data-pay])"

/** Whether a form is being sent: shown by its button, and said by its status line. */
export class BusyState {
  /** @param {HTMLElement} root the element around the form */
  constructor(root) {
    this.root = root
  }

  get isBusy() {
    return Boolean(this.#form?.hasAttribute("aria-busy"))
  }

  begin() {
    this.#form?.setAttribute("aria-busy", "true")
    this.#button?.setAttribute("aria-disabled", "true")
    this.#say(this.#button?.querySelector("[data-busy-label]")?.textContent ?? "")
  }

  end() {
    this.#form?.removeAttribute("aria-busy")
    this.#button?.removeAttribute("aria-disabled")
    this.#say("")
  }

  /** @param {string} sentence */
  #say(sentence) {
    const status = this.root.querySelector("[role='status']")
    if (status) status.textContent = sentence
  }

  get #form() {
    return this.root.querySelector(FORM)
  }

  get #button() {
    return this.root.querySelector("[data-pay]")
  }
}
