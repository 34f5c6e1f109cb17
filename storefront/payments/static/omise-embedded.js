import { OmisePopup } from "./omise-popup.js"
import { inTime, SILENCE } from "./payment-form.js"

/** @typedef {import("./payment-form.js").Answer} Answer */

/** The code of a card that the form itself found incomplete, with a sentence a line. */
const INCOMPLETE = "incomplete"

/**
 * The card is entered in Omise's own form, which stands in this one.
 * Attributes: those of the pop-up, to which it falls back when the library has no such form: Omise.js 2 has none.
 * The frame is put into its `[data-omise-form]`; its `[data-omise-window]` announces the pop-up.
 */
export class OmiseEmbedded extends OmisePopup {
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
    if (!this.service) return
    if (this.#canEmbed) this.#show()
    this.#part("[data-omise-form]").hidden = !this.#canEmbed
    this.#part("[data-omise-window]").hidden = this.#canEmbed
  }

  /** @returns {Promise<Answer>} */
  async askForToken() {
    if (!this.#canEmbed) return super.askForToken()
    /** @type {Promise<Answer>} */
    const answer = new Promise((resolve) => {
      this.#answer = resolve
    })
    const { email, ...billingAddress } = this.cardholder
    this.#show()
      .then(() => this.service?.requestCardToken?.({ email, billingAddress }))
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
    const theirs = failure.message.split("\n").filter(Boolean).map((sentence) => ({ field: "", sentence }))
    return failure.code === INCOMPLETE ? theirs : [...theirs, ...super.problemsIn(failure)]
  }

  configuration() {
    if (!this.#canEmbed) return super.configuration()
    return {
      element: this.#part("[data-omise-form]"),
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

  get #canEmbed() {
    return Boolean(this.service?.requestCardToken)
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.querySelector(selector))
  }

  #show() {
    this.#shown ??= this.formLoaded().then(() => this.#open())
    return this.#shown
  }

  #open() {
    const config = {
      /** @param {{ token: string }} created */
      onCreateTokenSuccess: ({ token }) => this.#hear({ token }),
      /** @param {string | string[]} words a list of what is missing, or why the card was refused */
      onError: (words) => this.#hear({ code: Array.isArray(words) ? INCOMPLETE : "", message: [words].flat().join("\n") }),
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
