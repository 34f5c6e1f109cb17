import { OmiseForm } from "./omise-form.js"
import { inTime, SILENCE } from "./payment-form.js"

/** @typedef {import("./payment-form.js").Answer} Answer */

/**
 * The card is entered in Omise's own form, which stands in this one.
 * Attributes: `public-key`, `locale`. The frame is put into its `[data-omise-form]`.
 */
export class OmiseEmbedded extends OmiseForm {
  /**
   * Hears the answer to the token that was asked for, if one was.
   * @type {((answer: Answer) => void) | null}
   */
  #answer = null
  /** @type {Promise<void> | null} */
  #shown = null
  /** Whether the form has said anything; the frame of one that cannot be reached loads too, empty. */
  #isAlive = false

  loaded() {
    super.loaded()
    if (this.service) this.#show()
  }

  /** @returns {Promise<Answer>} */
  async askForToken() {
    /** @type {Promise<Answer>} */
    const answer = new Promise((resolve) => {
      this.#answer = resolve
    })
    const { email, ...billingAddress } = this.cardholder
    this.#show()
      .then(() => this.service?.requestCardToken({ email, billingAddress }))
      .catch(() => this.#hear(SILENCE))
    const first = await inTime(answer)
    this.#answer = null
    return first
  }

  /**
   * What the form says of the card comes first, in its own words.
   * @param {import("./payment-form.js").Failure} failure
   */
  problemsIn(failure) {
    const ours = super.problemsIn(failure)
    return failure.message ? [{ field: "", sentence: failure.message }, ...ours] : ours
  }

  configuration() {
    return {
      element: this.querySelector("[data-omise-form]"),
      customCardForm: true,
      customCardFormHideRememberCard: true,
      customCardFormTheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    }
  }

  /**
   * A form that is alive holds what the shopper typed.
   * @param {Answer} answer
   */
  isDeadAfter(answer) {
    return !this.#isAlive && super.isDeadAfter(answer)
  }

  discard() {
    super.discard()
    this.#shown = null
  }

  #show() {
    this.#shown ??= this.formLoaded().then(() => this.#open())
    return this.#shown
  }

  #open() {
    const config = {
      /** @param {{ token: string }} created */
      onCreateTokenSuccess: ({ token }) => this.#hear({ token }),
      /** @param {string | string[]} words */
      onError: (words) => this.#hear({ code: "", message: [words].flat().join(" ") }),
    }
    this.service?.open(config, () => {
      this.#isAlive = true
    })
  }

  /** @param {Answer} answer */
  #hear(answer) {
    this.#isAlive ||= answer !== SILENCE
    this.#answer?.(answer)
  }
}

customElements.define("omise-embedded", OmiseEmbedded)
