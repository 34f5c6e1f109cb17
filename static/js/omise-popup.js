import { inTime, PaymentForm } from "./payment-form.js"

/**
 * The card is typed into Omise's own form, which opens over the page when the button is pressed.
 * Attributes: `public-key`, `locale`, `amount` and `currency` (none when nothing is paid here),
 * `label`, whose shop this is, and `submit-label`.
 */
export class OmisePopup extends PaymentForm {
  get service() {
    return window.OmiseCard
  }

  async askForToken() {
    let answered
    const answer = new Promise((resolve) => (answered = resolve))
    // Its own library gives up without a word when the form does not come up.
    const opened = new Promise((resolve) => this.#open(answered, resolve))
    const first = await Promise.race([answer, inTime(opened)])
    return first === undefined ? answer : first
  }

  #open(answered, opened) {
    this.service.configure({ publicKey: this.getAttribute("public-key"), locale: this.getAttribute("locale") })
    this.service.open(
      {
        ...this.#whatIsPaid(),
        frameLabel: this.getAttribute("label"),
        submitLabel: this.getAttribute("submit-label"),
        onCreateTokenSuccess: (id) => answered(tokenIn(id)),
        onFormClosed: () => answered(null),
        onError: () => answered({ code: "network_error", message: "" }),
      },
      () => opened(),
    )
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
