import { reload, whenLoaded } from "./omise-library.js"

/**
 * @typedef {{ field: string, sentence: string }} Problem
 * @typedef {{ token: string } | { code: string, message: string } | null} Answer a token, why there
 *   is none, or null when the shopper thought better of it
 */

// Once it has loaded, the card service's script waits for an answer for ever.
const TIME_LIMIT_MS = 20_000

// A script that has not loaded by then is reported; it may still load.
const SCRIPT_PATIENCE_MS = 8_000

/** The sentence for an answer that speaks of no field. */
const SENTENCE_OF_CODE = {
  network_error: "unreached",
  rpc_error: "unreached",
  script_missing: "script_missing",
}

/** What is made of an answer that never came. */
export const SILENCE = { code: "network_error", message: "" }

/**
 * A form that sends a token instead of a card: what the ways to get that token have in common.
 * Attributes: `public-key`. What it says to people stands in its `<template data-sentences>`.
 */
export class PaymentForm extends HTMLElement {
  #listeners = new AbortController()
  /** Whether the library can be used no more, and has to be reloaded. */
  #isDead = false

  connectedCallback() {
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.addEventListener("input", (event) => this.typed(event), { signal })
    // The back button may bring the page back as it was left, with a token that is used up.
    window.addEventListener("pageshow", (event) => event.persisted && this.#rest(), { signal })
    setTimeout(() => this.noteMissingScript(!this.isReady), SCRIPT_PATIENCE_MS)
    whenLoaded().then(() => this.isConnected && this.loaded())
  }

  disconnectedCallback() {
    this.#listeners.abort()
  }

  // What each way to take a card does in its own manner

  /** The part of the card service's script that this form needs. */
  get service() {
    return window.Omise
  }

  /** Whether a card can be entered. */
  get isReady() {
    return Boolean(this.service)
  }

  /** What is wrong with the card as it stands here, as names of sentences by field. */
  cardProblems() {
    return {}
  }

  /** @returns {Promise<Answer>} */
  async askForToken() {
    return { code: "script_missing", message: "" }
  }

  /**
   * @param {{ code: string, message: string }} answer
   * @returns {Problem[]}
   */
  problemsIn({ code }) {
    return [{ field: "", sentence: this.sentence(SENTENCE_OF_CODE[code] ?? "refused") }]
  }

  /** Every script of the page has been tried, or the library has been reloaded. */
  loaded() {
    this.noteMissingScript(!this.service)
  }

  /**
   * Whether after this answer nothing more can be had from the library as it is.
   * @param {Answer} answer
   */
  isDeadAfter(answer) {
    return answer !== null && "code" in answer && SENTENCE_OF_CODE[answer.code] === "unreached"
  }

  /** Let go of what the library has put on the page. */
  discard() {}

  // For all of them

  get form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"))
  }

  get button() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("button[data-pay]"))
  }

  get #token() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[name='token']"))
  }

  get #usesNewCard() {
    const sent = new FormData(this.form)
    return (sent.get("method") ?? "card") === "card" && !sent.get("card")
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    if (this.form.hasAttribute("aria-busy")) return event.preventDefault()
    const problems = this.findProblems()
    if (problems.length) {
      event.preventDefault()
      return this.#show(problems)
    }
    this.#clearProblems()
    this.#beBusy()
    if (!this.#usesNewCard) return

    event.preventDefault()
    const answer = await this.#ask()
    if (answer && "token" in answer) {
      this.#token.value = answer.token
      return this.form.submit()
    }
    this.#rest()
    if (answer) this.#show(this.problemsIn(answer))
  }

  /** @returns {Promise<Answer>} */
  async #ask() {
    const library = await inTime(this.#library())
    if (!library) return this.#isDead ? SILENCE : { code: "script_missing", message: "" }
    if (library === SILENCE) return SILENCE
    const answer = await this.askForToken().catch(() => SILENCE)
    this.#isDead = this.isDeadAfter(answer)
    if (this.#isDead) this.discard()
    return answer
  }

  /** The library once it has loaded, reloaded if it was missing or dead; nothing if it cannot be. */
  async #library() {
    if (!this.service) await whenLoaded()
    if (this.service && !this.#isDead) return this.service
    if (!(await reload())) return undefined
    this.#isDead = false
    this.loaded()
    return this.service
  }

  findProblems() {
    const found = this.#usesNewCard ? this.cardProblems() : {}
    const named = { ...this.#emailProblem(), ...found }
    return Object.entries(named).map(([field, name]) => ({ field, sentence: this.sentence(name) }))
  }

  /** @returns {Record<string, string>} */
  #emailProblem() {
    const email = this.input("email")
    if (!email) return {}
    if (!email.value.trim()) return { email: "email_blank" }
    return email.validity.valid ? {} : { email: "email_wrong" }
  }

  /** @param {Problem[]} problems */
  #show(problems) {
    this.#clearProblems()
    for (const problem of problems) this.showBeside(problem)
    const summary = this.querySelector("[data-error-summary]")
    summary.querySelector("ul").replaceChildren(...problems.map((problem) => this.#summaryItem(problem)))
    summary.hidden = false
    summary.focus()
  }

  /** @param {Problem} problem */
  showBeside({ field, sentence }) {
    const input = this.input(field)
    if (!input) return
    input.setAttribute("aria-invalid", "true")
    const beside = this.querySelector(`[data-problem="${field}"]`)
    beside.textContent = sentence
    beside.hidden = false
  }

  /** @param {Problem} problem */
  #summaryItem({ field, sentence }) {
    const item = document.createElement("li")
    const input = this.input(field)
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
    this.input(field).removeAttribute("aria-invalid")
    const beside = this.querySelector(`[data-problem="${field}"]`)
    beside.textContent = ""
    beside.hidden = true
  }

  #beBusy() {
    const button = this.button
    this.form.setAttribute("aria-busy", "true")
    button.setAttribute("aria-disabled", "true")
    this.querySelector("[role='status']").textContent = button.querySelector(".button__busy").textContent
    this.#token.value = ""
  }

  #rest() {
    this.form.removeAttribute("aria-busy")
    this.button.removeAttribute("aria-disabled")
    this.querySelector("[role='status']").textContent = ""
    this.#token.value = ""
  }

  /**
   * A field has been typed in.
   * @param {InputEvent} event
   */
  typed(event) {
    const { field } = event.target.dataset
    if (field && event.target.hasAttribute("aria-invalid")) this.#clearBeside(field)
  }

  /** @param {boolean} isMissing */
  noteMissingScript(isMissing) {
    const note = this.querySelector("[data-script-missing]")
    if (note) note.hidden = !isMissing
  }

  /** @param {string} field @returns {HTMLInputElement | null} */
  input(field) {
    return this.querySelector(`[data-field="${field}"]`)
  }

  /** @param {string} name */
  sentence(name) {
    const sentences = this.querySelector("template[data-sentences]").content
    return sentences.querySelector(`[data-sentence="${name}"]`).textContent
  }
}

/** The answer, or silence when it takes too long. */
export function inTime(answer) {
  return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, TIME_LIMIT_MS, SILENCE))])
}
