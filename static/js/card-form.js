import { brandOf, digitsOf, formatExpiry, groupNumber, parseExpiry, plainDigits, problemsOf } from "./card-field.js"

/**
 * @typedef {{ field: string, sentence: string }} Problem
 * @typedef {{ token: string } | { code: string, message: string }} Answer
 */

// Once it has loaded, the card service's script waits for an answer for ever.
const TIME_LIMIT_MS = 20_000

// A script that has not come by then is told of; it may still come.
const SCRIPT_PATIENCE_MS = 8_000

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

/** The sentence for an answer that speaks of no field. */
const SENTENCE_OF_CODE = {
  network_error: "unreached",
  rpc_error: "unreached",
  script_missing: "script_missing",
}

/**
 * Turns the card that a shopper types into a token, so that its form sends the token and never the card.
 * Attributes: `public-key`. What it says to people stands in its `<template data-sentences>`.
 */
export class CardForm extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.addEventListener("input", (event) => this.#typed(event), { signal })
    this.addEventListener("focusout", (event) => this.#left(event), { signal })
    // The back button may bring the page back as it was left, with a token that is used up.
    window.addEventListener("pageshow", (event) => event.persisted && this.#rest(), { signal })
    setTimeout(() => this.#noteMissingScript(), SCRIPT_PATIENCE_MS)
    whenLoaded().then(() => this.#noteMissingScript())
  }

  disconnectedCallback() {
    this.#listeners.abort()
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"))
  }

  get #token() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[name='token']"))
  }

  get #usesNewCard() {
    const sent = new FormData(this.#form)
    return (sent.get("method") ?? "card") === "card" && !sent.get("card")
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    if (this.#form.hasAttribute("aria-busy")) return event.preventDefault()
    const problems = this.#findProblems()
    if (problems.length) {
      event.preventDefault()
      return this.#show(problems)
    }
    this.#clearProblems()
    this.#beBusy()
    if (!this.#usesNewCard) return

    event.preventDefault()
    const answer = await this.#askForToken()
    if ("token" in answer) {
      this.#token.value = answer.token
      return this.#form.submit()
    }
    this.#rest()
    this.#input("security_code").value = ""
    this.#show(this.#problemsIn(answer))
  }

  #findProblems() {
    const found = this.#usesNewCard ? problemsOf(this.#typedCard(), new Date()) : {}
    const named = { ...this.#emailProblem(), ...found }
    return Object.entries(named).map(([field, name]) => ({ field, sentence: this.#sentence(name) }))
  }

  /** @returns {Record<string, string>} */
  #emailProblem() {
    const email = this.#input("email")
    if (!email) return {}
    if (!email.value.trim()) return { email: "email_blank" }
    return email.validity.valid ? {} : { email: "email_wrong" }
  }

  #typedCard() {
    return {
      name: this.#input("name").value,
      number: this.#input("number").value,
      expiry: this.#input("expiry").value,
      security_code: this.#input("security_code").value,
    }
  }

  /** @returns {Promise<Answer>} */
  async #askForToken() {
    const silence = { code: "network_error", message: "" }
    const late = new Promise((resolve) => setTimeout(resolve, TIME_LIMIT_MS, silence))
    const ready = window.Omise ? Promise.resolve() : whenLoaded()
    return Promise.race([late, ready.then(() => this.#createToken()).catch(() => silence)])
  }

  /** @returns {Promise<Answer>} */
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
      if (!window.Omise) return resolve({ code: "script_missing", message: "" })
      window.Omise.setPublicKey(this.getAttribute("public-key"))
      window.Omise.createToken("card", card, (statusCode, response) => {
        if (statusCode === 200) resolve({ token: response.id })
        else resolve({ code: response?.code ?? "", message: response?.message ?? "" })
      })
    })
  }

  /**
   * @param {{ code: string, message: string }} answer
   * @returns {Problem[]}
   */
  #problemsIn({ code, message }) {
    const spokenOf = FIELD_OF_WORDS.filter(({ words }) => words.test(message)).map(({ field }) => field)
    const byWords = CODES_EXPLAINED_BY_WORDS.includes(code) ? spokenOf : []
    const byCode = code in FIELD_OF_CODE ? [FIELD_OF_CODE[code]] : []
    const fields = byWords.length ? byWords : byCode
    if (!fields.length) return [{ field: "", sentence: this.#sentence(SENTENCE_OF_CODE[code] ?? "refused") }]
    return fields.map((field) => ({ field, sentence: this.#sentence(`${field}_refused`) }))
  }

  /** @param {Problem[]} problems */
  #show(problems) {
    this.#clearProblems()
    for (const problem of problems) this.#showBeside(problem)
    const summary = this.querySelector("[data-error-summary]")
    summary.querySelector("ul").replaceChildren(...problems.map((problem) => this.#summaryItem(problem)))
    summary.hidden = false
    summary.focus()
  }

  /** @param {Problem} problem */
  #showBeside({ field, sentence }) {
    const input = this.#input(field)
    if (!input) return
    input.setAttribute("aria-invalid", "true")
    const beside = this.querySelector(`[data-problem="${field}"]`)
    beside.textContent = sentence
    beside.hidden = false
  }

  /** @param {Problem} problem */
  #summaryItem({ field, sentence }) {
    const item = document.createElement("li")
    const input = this.#input(field)
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

  #clearProblems() {
    for (const input of this.querySelectorAll("[data-field]")) this.#clearBeside(input.dataset.field)
    const general = this.querySelector("[data-problem='token']")
    if (general) general.hidden = true
    this.querySelector("[data-error-summary]").hidden = true
  }

  /** @param {string} field */
  #clearBeside(field) {
    this.#input(field).removeAttribute("aria-invalid")
    const beside = this.querySelector(`[data-problem="${field}"]`)
    beside.textContent = ""
    beside.hidden = true
  }

  #beBusy() {
    const button = this.#button
    this.#form.setAttribute("aria-busy", "true")
    button.setAttribute("aria-disabled", "true")
    this.querySelector("[role='status']").textContent = button.querySelector(".button__busy").textContent
    this.#token.value = ""
  }

  #rest() {
    this.#form.removeAttribute("aria-busy")
    this.#button.removeAttribute("aria-disabled")
    this.querySelector("[role='status']").textContent = ""
    this.#token.value = ""
  }

  get #button() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("button[data-pay]"))
  }

  /** @param {InputEvent} event */
  #typed(event) {
    const { field } = event.target.dataset
    if (!field) return
    if (event.target.hasAttribute("aria-invalid")) this.#clearBeside(field)
    if (field === "number" && !event.isComposing) this.#settleNumber(event.target)
  }

  /** @param {HTMLInputElement} input */
  #settleNumber(input) {
    const grouped = groupNumber(input.value, input.selectionStart)
    if (grouped.text !== input.value) {
      input.value = grouped.text
      input.setSelectionRange(grouped.caret, grouped.caret)
    }
    const brand = brandOf(input.value)
    this.querySelector("[data-brand]").textContent = brand.name && this.#sentence(`brand_${brand.name}`)
    const hint = brand.name ? `security_code_hint_${brand.code}` : "security_code_hint"
    this.querySelector("[data-security-code-hint]").textContent = this.#sentence(hint)
  }

  /**
   * Judges a field when it is left with something in it, never while it is being typed.
   * On the way to the button it waits: a sentence that appears would move the button from under the pointer.
   * @param {FocusEvent} event
   */
  #left(event) {
    const { field } = event.target.dataset
    if (!field || !event.target.value.trim() || event.relatedTarget === this.#button) return
    const expiry = field === "expiry" && parseExpiry(event.target.value)
    if (expiry) event.target.value = formatExpiry(expiry)
    const problem = this.#findProblems().find((found) => found.field === field)
    if (problem) this.#showBeside(problem)
  }

  #noteMissingScript() {
    const note = this.querySelector("[data-script-missing]")
    if (note) note.hidden = Boolean(window.Omise)
  }

  /** @param {string} field @returns {HTMLInputElement | null} */
  #input(field) {
    return this.querySelector(`[data-field="${field}"]`)
  }

  /** @param {string} name */
  #sentence(name) {
    const sentences = this.querySelector("template[data-sentences]").content
    return sentences.querySelector(`[data-sentence="${name}"]`).textContent
  }
}

/** Waits until every script of the page has been tried. */
function whenLoaded() {
  if (document.readyState === "complete") return Promise.resolve()
  return new Promise((resolve) => window.addEventListener("load", resolve, { once: true }))
}

customElements.define("card-form", CardForm)
