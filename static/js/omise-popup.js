import { OmiseForm } from "./omise-form.js"
import { inTime } from "./payment-form.js"

/**
 * The card is typed into Omise's own form, which opens over the page when the button is pressed.
 * Attributes: `public-key`, `locale`, `amount` and `currency` (none when nothing is paid here),
 * `label`, whose shop this is, and `submit-label`.
 */
export class OmisePopup extends OmiseForm {
  async askForToken() {
    let answered
    const answer = new Promise((resolve) => (answered = resolve))
    // The library gives up without a word when the form does not come up.
    const opened = this.formLoaded().then(() => this.#open(answered))
    const first = await Promise.race([answer, inTime(opened)])
    return first === undefined ? answer : first
  }

  /** Resolves, to nothing, once the form has opened. */
  #open(answered) {
    const config = {
      ...this.#whatIsPaid(),
      frameLabel: this.getAttribute("label"),
      submitLabel: this.getAttribute("submit-label"),
      onCreateTokenSuccess: (id) => answered(tokenIn(id)),
      onFormClosed: () => answered(null),
      onError: () => answered({ code: "network_error", message: "" }),
    }
    return new Promise((resolve) => this.service.open(config, () => resolve(undefined)))
  }

  #whatIsPaid() {
    if (!this.hasAttribute("amount")) return { amount: 0, hideAmount: "true" }
    return { amount: Number(this.getAttribute("amount")), currency: this.getAttribute("currency") }
  }
}

/** Any window can send the library an id; the server judges it, but what is no token is not sent. */
function tokenIn(id) {
  return /^tokn_/.test(id) ? { token: id } : { code: "", message: "" }
}

customElements.define("omise-popup", OmisePopup)
