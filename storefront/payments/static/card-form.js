import { brandOf, digitsOf, formatExpiry, groupNumber, parseExpiry, plainDigits, problemsOf } from "./card-field.js"
import { inTime, PaymentForm } from "./payment-form.js"

/** @typedef {import("./payment-form.js").Answer} Answer */

/**
 * The field that a code of Omise concerns.
 * @type {Record<string, string>}
 */
const FIELD_OF_CODE = {
  invalid_card: "number",
  invalid_expiration_date: "expiry",
  invalid_security_code: "security_code",
}

/** How long to wait before Omise is asked again for a token; creating one moves no money. */
const PAUSES_MS = [500, 1500]

/** Codes that may concern any field; only the words of the message tell which. */
const CODES_EXPLAINED_BY_WORDS = ["invalid_card", "bad_request"]

/** Words in a message of Omise, and the field that they concern, in the order of the form. */
const FIELD_OF_WORDS = [
  { words: /\b(?:number|brand)\b/i, field: "number" },
  { words: /\bexpir/i, field: "expiry" },
  { words: /\bsecurity.code\b/i, field: "security_code" },
  { words: /\bname\b/i, field: "name" },
]

/** The fields of this form: turns the card that a shopper types into a token. */
export class CardForm extends PaymentForm {
  connectedCallback() {
    super.connectedCallback()
    this.addEventListener("focusout", this.#left)
    const number = this.errors.input("number")
    if (number?.value) this.#formatNumber(number) // typed, or restored by the browser, before this ran
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.removeEventListener("focusout", this.#left)
  }

  cardProblems() {
    return problemsOf(this.#typedCard(), new Date())
  }

  /** @returns {Promise<Answer>} */
  async askForToken() {
    const answer = await inTime(this.#createTokenPatiently())
    const code = this.errors.input("security_code")
    if (code && answer && !("token" in answer)) code.value = ""
    return answer
  }

  /** @param {import("./payment-form.js").Failure} failure */
  problemsIn(failure) {
    const named = FIELD_OF_WORDS.filter(({ words }) => words.test(failure.message)).map(({ field }) => field)
    const byWords = CODES_EXPLAINED_BY_WORDS.includes(failure.code) ? named : []
    const byCode = failure.code in FIELD_OF_CODE ? [FIELD_OF_CODE[failure.code]] : []
    const fields = byWords.length ? byWords : byCode
    if (!fields.length) return super.problemsIn(failure)
    return fields.map((field) => ({ field, sentence: this.sentence(`${field}_refused`) }))
  }

  /** @param {InputEvent} event */
  typed(event) {
    super.typed(event)
    const { target, isComposing } = event
    if (target instanceof HTMLInputElement && target.dataset.field === "number" && !isComposing) this.#formatNumber(target)
  }

  #typedCard() {
    /** @param {string} field */
    const value = (field) => this.errors.input(field)?.value ?? ""
    return {
      number: value("number"),
      expiry: value("expiry"),
      security_code: value("security_code"),
      name: value("name"),
    }
  }

  /** @returns {Promise<Answer>} */
  async #createTokenPatiently() {
    for (const pause of PAUSES_MS) {
      const answer = await this.#createToken()
      if (!isUnavailable(answer)) return answer
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
    return this.#createToken()
  }

  /** @returns {Promise<Answer>} */
  #createToken() {
    const { name, number, expiry, security_code } = this.#typedCard()
    const card = {
      ...this.cardholder,
      name: name.trim(),
      number: digitsOf(number),
      expiration_month: parseExpiry(expiry)?.month,
      expiration_year: parseExpiry(expiry)?.year,
      security_code: plainDigits(security_code).trim(),
    }
    return new Promise((resolve) => {
      window.Omise?.setPublicKey(this.getAttribute("public-key"))
      window.Omise?.createToken("card", card, (statusCode, response) => {
        if (statusCode === 200 && response?.id) resolve({ token: response.id })
        else if (statusCode >= 500 || statusCode === 429) resolve({ code: "unavailable", message: "" })
        else resolve({ code: response?.code ?? "", message: response?.message ?? "" })
      })
    })
  }

  /** @param {HTMLInputElement} input */
  #formatNumber(input) {
    const grouped = groupNumber(input.value, input.selectionStart ?? input.value.length)
    if (grouped.text !== input.value) {
      input.value = grouped.text
      if (input === document.activeElement) input.setSelectionRange(grouped.caret, grouped.caret)
    }
    const brand = brandOf(input.value)
    this.#write("#card-brand", brand.label)
    this.querySelector("#card-brand")?.setAttribute("data-card-brand", brand.label)
    this.#write("[data-security-code-hint]", this.sentence(brand.label ? `security_code_hint_${brand.code}` : "security_code_hint"))
  }

  /** @param {string} selector @param {string} text */
  #write(selector, text) {
    const place = this.querySelector(selector)
    if (place) place.textContent = text
  }

  /**
   * Checks a field when it is left with something in it, never while it is being typed.
   * On the way to the button it waits: a message that appears would move the button from under the pointer.
   * @param {FocusEvent} event
   */
  #left = ({ target, relatedTarget }) => {
    if (!(target instanceof HTMLInputElement) || relatedTarget === this.button) return
    const { field } = target.dataset
    if (!field || !target.value.trim()) return
    const expiry = field === "expiry" ? parseExpiry(target.value) : null
    if (expiry) target.value = formatExpiry(expiry)
    const problem = this.findProblems().find((found) => found.field === field)
    if (problem) this.errors.showBeside(problem)
  }
}

/** @param {Answer} answer */
function isUnavailable(answer) {
  return answer !== null && "code" in answer && answer.code === "unavailable"
}

customElements.define("omise-card-form", CardForm)
