import { inTime, PaymentForm } from "./payment-form.js"

/**
 * The card is typed into Omise's own form, which stands in this one.
 * Attributes: `public-key`, `locale`. The frame is put into its `[data-omise-form]`.
 */
export class OmiseEmbedded extends PaymentForm {
  /** What hears the answer to the token that was asked for, if one was. */
  #answer = null
  #isShown = false

  get service() {
    return window.OmiseCard
  }

  loaded() {
    super.loaded()
    if (this.service) this.#show()
  }

  async askForToken() {
    if (!this.#isShown) this.#show()
    const answer = new Promise((resolve) => (this.#answer = resolve))
    this.service.requestCardToken({ email: this.input("email")?.value.trim() })
    const first = await inTime(answer)
    this.#answer = null
    return first
  }

  // What the form says of the card comes first, in its own words.
  problemsIn(answer) {
    const ours = super.problemsIn(answer)
    return answer.message ? [{ field: "", sentence: answer.message }, ...ours] : ours
  }

  #show() {
    this.#isShown = true
    this.service.configure({
      publicKey: this.getAttribute("public-key"),
      locale: this.getAttribute("locale"),
      element: this.querySelector("[data-omise-form]"),
      customCardForm: true,
      customCardFormHideRememberCard: true,
      customCardFormTheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    })
    this.service.open({
      onCreateTokenSuccess: ({ token }) => this.#answer?.({ token }),
      onError: (words) => this.#refused([words].flat().join(" ")),
    })
  }

  /** @param {string} message */
  #refused(message) {
    if (this.#answer) return this.#answer({ code: "", message })
    this.#isShown = false
    this.noteMissingScript(true)
  }
}

customElements.define("omise-embedded", OmiseEmbedded)
