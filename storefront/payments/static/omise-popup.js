import { OmiseForm } from "./omise-form.js"
import { inTime } from "./payment-form.js"

/** @typedef {import("./payment-form.js").Answer} Answer */

/**
 * The card is entered in Omise's own form, which opens over the page when the button is pressed.
 * Attributes: `public-key`, `locale`, `amount` and `currency` (none when nothing is paid here),
 * `label`, the name of the shop, and `submit-label`.
 */
export class OmisePopup extends OmiseForm {
  /** @returns {Promise<Answer>} */
  async askForToken() {
    /** @type {(answer: Answer) => void} */
    let answered = () => {}
    /** @type {Promise<Answer>} */
    const answer = new Promise((resolve) => {
      answered = resolve
    })
    // The library gives up without a word when the form does not come up.
    const opened = this.formLoaded().then(() => this.#open(answered))
    const first = await Promise.race([answer, inTime(opened)])
    return first === undefined ? answer : first
  }

  /**
   * Resolves, to nothing, once the form has opened.
   * @param {(answer: Answer) => void} answered
   * @returns {Promise<undefined>}
   */
  #open(answered) {
    const config = {
      ...this.#whatIsPaid(),
      frameLabel: this.getAttribute("label"),
      submitLabel: this.getAttribute("submit-label"),
      /** @param {unknown} id */
      onCreateTokenSuccess: (id) => answered(tokenIn(id)),
      onFormClosed: () => answered(null),
      onError: () => answered({ code: "network_error", message: "" }),
    }
    return new Promise((resolve) => this.service?.open(config, () => resolve(undefined)))
  }

  #whatIsPaid() {
    if (!this.hasAttribute("amount")) return { amount: 0, hideAmount: "true" }
    return { amount: Number(this.getAttribute("amount")), currency: this.getAttribute("currency") }
  }
}

/**
 * Any window can send the library an id; the server checks it, but what is no token is not sent.
 * @param {unknown} id
 * @returns {Answer}
 */
function tokenIn(id) {
  return typeof id === "string" && id.startsWith("tokn_") ? { token: id } : { code: "", message: "" }
}

customElements.define("omise-popup", OmisePopup)
