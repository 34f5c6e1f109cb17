import { brandOf, digitsOf, formatExpiry, groupNumber, parseExpiry, plainDigits, problemsOf } from "./card-field.js"
import { inTime, PaymentForm } from "./payment-form.js"

/** The field that a code of the card service speaks of. */
const FIELD_OF_CODE = {
  invalid_card: "number",
  invalid_expiration_date: "expiry",
  invalid_security_code: "security_code",
}

/** Codes that may mean any field, so that only the words of the message tell which. */
const CODES_EXPLAINED_BY_WORDS = ["invalid_card", "bad_request"]

/** Words in a message of the card service, and the field they speak of. */
const FIELD_OF_WORDS = [
  { words: /\bname\b/i, field: "name" },
  { words: /\b(?:number|brand)\b/i, field: "number" },
  { words: /\bexpir/i, field: "expiry" },
  { words: /\bsecurity.code\b/i, field: "security_code" },
]

/** Our own fields: turns the card that a shopper types into a token. */
export class CardForm extends PaymentForm {
  connectedCallback() {
    super.connectedCallback()
    this.addEventListener("focusout", this.#left)
    const number = this.input("number")
    if (number.value) this.#settleNumber(number) // typed, or put back by the browser, before we came
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.removeEventListener("focusout", this.#left)
  }

  cardProblems() {
    return problemsOf(this.#typedCard(), new Date())
  }

  async askForToken() {
    const answer = await inTime(this.#createToken())
    if (!("token" in answer)) this.input("security_code").value = ""
    return answer
  }

  problemsIn(answer) {
    const spokenOf = FIELD_OF_WORDS.filter(({ words }) => words.test(answer.message)).map(({ field }) => field)
    const byWords = CODES_EXPLAINED_BY_WORDS.includes(answer.code) ? spokenOf : []
    const byCode = answer.code in FIELD_OF_CODE ? [FIELD_OF_CODE[answer.code]] : []
    const fields = byWords.length ? byWords : byCode
    if (!fields.length) return super.problemsIn(answer)
    return fields.map((field) => ({ field, sentence: this.sentence(`${field}_refused`) }))
  }

  typed(event) {
    super.typed(event)
    if (event.target.dataset.field === "number" && !event.isComposing) this.#settleNumber(event.target)
  }

  #typedCard() {
    return {
      name: this.input("name").value,
      number: this.input("number").value,
      expiry: this.input("expiry").value,
      security_code: this.input("security_code").value,
    }
  }

  /** @returns {Promise<import("./payment-form.js").Answer>} */
  #createToken() {
    const { name, number, expiry, security_code } = this.#typedCard()
    const { month, year } = parseExpiry(expiry)
    const card = {
      name: name.trim(),
      number: digitsOf(number),
      expiration_month: month,
      expiration_year: year,
      security_code: plainDigits(security_code).trim(),
    }
    return new Promise((resolve) => {
      window.Omise.setPublicKey(this.getAttribute("public-key"))
      window.Omise.createToken("card", card, (statusCode, response) => {
        if (statusCode === 200) resolve({ token: response.id })
        else resolve({ code: response?.code ?? "", message: response?.message ?? "" })
      })
    })
  }

  /** @param {HTMLInputElement} input */
  #settleNumber(input) {
    const grouped = groupNumber(input.value, input.selectionStart)
    if (grouped.text !== input.value) {
      input.value = grouped.text
      if (input === document.activeElement) input.setSelectionRange(grouped.caret, grouped.caret)
    }
    const brand = brandOf(input.value)
    this.querySelector("[data-brand]").textContent = brand.name && this.sentence(`brand_${brand.name}`)
    const hint = brand.name ? `security_code_hint_${brand.code}` : "security_code_hint"
    this.querySelector("[data-security-code-hint]").textContent = this.sentence(hint)
  }

  /**
   * Judges a field when it is left with something in it, never while it is being typed.
   * On the way to the button it waits: a sentence that appears would move the button from under the pointer.
   * @param {FocusEvent} event
   */
  #left = (event) => {
    const { field } = event.target.dataset
    if (!field || !event.target.value.trim() || event.relatedTarget === this.button) return
    const expiry = field === "expiry" && parseExpiry(event.target.value)
    if (expiry) event.target.value = formatExpiry(expiry)
    const problem = this.findProblems().find((found) => found.field === field)
    if (problem) this.showBeside(problem)
  }
}

customElements.define("card-form", CardForm)
