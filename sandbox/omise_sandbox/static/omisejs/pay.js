/**
 * The pretend payment form in its frame, and how it talks with the shop's page.
 *
 * Messages are JSON strings {type, data}. The first three are the library's own; the rest are the
 * sandbox's, for the embedded card form, and are sent only to a page that asked for them.
 *
 *   page → form  SHOW_IFRAME_APP_FORM  {config}; again each time the form is opened
 *   form → page  CLOSE_IFRAME          null
 *   form → page  CLOSE_AND_SEND_TOKEN  "tokn_…" or "src_…"
 *
 *   page → form  REQUEST_CARD_TOKEN    a billing address, or {email, billingAddress}
 *   form → page  FORM_SHOWN            null; when config.acknowledge is set
 *   form → page  FORM_RESIZED          height in px; when config.customCardForm is set, as the next two
 *   form → page  CARD_TOKEN_CREATED    {token, remember}
 *   form → page  CARD_FORM_ERROR       a message, or a list of them
 */

import { bankOf, bareName, fieldsOf, nameOf, termsOf, typesOf } from "./pay-methods.js"
import { formatAmount, textsFor } from "./pay-text.js"

const CARD = "credit_card"
const BILLING = ["street1", "street2", "city", "state", "postal_code", "country", "phone_number"]
const STYLES = {
  height: "--pay-height",
  borderRadius: "--pay-radius",
  border: "--pay-border",
  focusBorder: "--pay-focus",
  background: "--pay-background",
  color: "--pay-color",
  labelColor: "--pay-label",
  placeholderColor: "--pay-placeholder",
}

/**
 * @typedef {Record<string, any>} Config the options that the page gave
 * @typedef {HTMLInputElement & HTMLSelectElement} Field
 */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
/** @param {string} id */
const inputById = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id))
const form = /** @type {HTMLFormElement} */ (byId("form"))
const submit = /** @type {HTMLButtonElement} */ (byId("submit"))
const logo = /** @type {HTMLImageElement} */ (byId("logo"))
const root = document.documentElement
/** @type {Config} */
let config = {}
let texts = textsFor("en")
let shop = "*"

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || source === window) return
  const message = parse(data)
  if (message?.type === "SHOW_IFRAME_APP_FORM") show(message.data.config, origin)
  else if (message?.type === "REQUEST_CARD_TOKEN") sendCardToken(message.data ?? {})
})
form.addEventListener("submit", pay)
byId("methods").addEventListener("change", showMethod)
byId("close").addEventListener("click", close)
logo.addEventListener("error", () => (logo.hidden = true))
byId("number").addEventListener("input", spaceNumber)
byId("expiry").addEventListener("input", (event) => slashExpiry(/** @type {InputEvent} */ (event)))
window.addEventListener("focus", () => document.activeElement === document.body && enter())
document.addEventListener("keydown", ({ key }) => key === "Escape" && !config.customCardForm && close())
new ResizeObserver(reportHeight).observe(byId("sheet"))

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** @param {string} type @param {unknown} data */
function tell(type, data = null) {
  window.parent.postMessage(JSON.stringify({ type, data }), shop)
}

// Showing

/** @param {Config} given @param {string} origin */
function show(given, origin) {
  config = given
  shop = origin
  texts = textsFor(config.locale)
  byId("alone").hidden = true
  byId("sheet").hidden = false
  showTexts()
  showParts()
  showMethods()
  showProblem("")
  if (config.acknowledge) tell("FORM_SHOWN")
  enter()
  reportHeight()
}

// The frame may be shown, and take the focus, only after its form is ready.
function enter() {
  if (!config.customCardForm && !byId("sheet").hidden) focusFirstField()
}

function showTexts() {
  root.lang = config.locale || "en"
  for (const part of parts("[data-text]")) part.textContent = texts[part.dataset.text ?? ""]
  byId("close").setAttribute("aria-label", texts.close)
  byId("label").textContent = config.frameLabel ?? ""
  byId("description").textContent = config.frameDescription ?? ""
  byId("amount").textContent = amountText()
  submit.textContent = [config.submitLabel || "Pay", amountText()].join(" ").trim()
  byId("brands").textContent = config.customCardForm ? "" : brandsText()
  logo.hidden = !config.image
  if (config.image) logo.src = config.image
}

/** @param {string} selector @returns {HTMLElement[]} */
function parts(selector) {
  return [...document.querySelectorAll(selector)].map((part) => /** @type {HTMLElement} */ (part))
}

function brandsText() {
  return String(config.cardBrands ?? "").split(/[\s,]+/).filter(Boolean).map(nameOf).join(", ")
}

function amountText() {
  if (config.hideAmount === true || config.hideAmount === "true" || !Number(config.amount)) return ""
  return formatAmount(config.amount, config.currency || "THB", config.locale || "en")
}

function showParts() {
  const isEmbedded = Boolean(config.customCardForm)
  /** @type {Record<string, boolean>} */
  const shown = {
    popup: !isEmbedded,
    location: config.location === "yes",
    remember: isEmbedded && !config.customCardFormHideRememberCard,
  }
  for (const part of parts("[data-only]")) part.hidden = !shown[part.dataset.only ?? ""]
  root.dataset.mode = isEmbedded ? "embedded" : "popup"
  root.dataset.theme = config.customCardFormTheme ?? ""
  if (isEmbedded) applyStyle(config.style ?? {})
}

/** @param {Config} style */
function applyStyle({ fontFamily, fontSize, input = {}, checkBox = {} }) {
  setStyle("--pay-font", fontFamily)
  setStyle("--pay-size", fontSize)
  setStyle("--pay-ink", checkBox.textColor)
  setStyle("--color-action", checkBox.themeColor)
  for (const [name, property] of Object.entries(STYLES)) setStyle(property, input[name])
}

/** @param {string} property @param {string | number | undefined} value */
function setStyle(property, value) {
  if (value === undefined) root.style.removeProperty(property)
  else root.style.setProperty(property, typeof value === "number" ? `${value}px` : value)
}

function showMethods() {
  const names = [config.defaultPaymentMethod || CARD, ...(config.otherPaymentMethods ?? [])].map(bareName)
  const methods = config.customCardForm ? [CARD] : [...new Set(names)]
  const choices = methods.map(methodChoice)
  const [legend] = byId("methods").children
  byId("methods").replaceChildren(legend, ...choices)
  inputIn(byId("methods")).defaultChecked = true
  if (methods.length < 2) byId("methods").hidden = true
  showMethod()
}

/**
 * The first input or select inside of an element, which has one.
 * @param {Element} element
 */
function inputIn(element, selector = "input, select") {
  return /** @type {Field} */ (element.querySelector(selector))
}

/**
 * A new element from a template of the page.
 * @param {string} id
 */
function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id))
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
}

/** @param {string} method */
function methodChoice(method) {
  const choice = copyOf("method-choice")
  inputIn(choice).value = method
  const label = /** @type {HTMLElement} */ (choice.querySelector("span"))
  label.textContent = method === CARD ? texts.credit_card : nameOf(method)
  return choice
}

function chosenMethod() {
  return inputIn(byId("methods"), "input:checked").value
}

function showMethod() {
  const method = chosenMethod()
  byId("card-fields").hidden = method !== CARD
  byId("source-fields").replaceChildren()
  if (method !== CARD) showSourceFields(typesOf(method))
}

/** @param {string[]} types */
function showSourceFields(types) {
  const bank = choiceField("type", "Bank", types.map((type) => [type, bankOf(type)]))
  bank.hidden = types.length === 1
  const select = inputIn(bank)
  select.addEventListener("change", () => showDetails(bank, select.value))
  showDetails(bank, types[0])
}

/** @param {HTMLElement} bank @param {string} type */
function showDetails(bank, type) {
  const details = fieldsOf(type).map(textField)
  const terms = termsOf(type).map((months) => [String(months), `${months} months`])
  if (terms.length) details.push(choiceField("installment_term", "Number of months", terms))
  byId("source-fields").replaceChildren(bank, ...details)
}

/** @param {{ key: string, label: string, type: string }} field */
function textField({ key, label, type }) {
  const field = copyOf("source-field")
  labelField(field, key, label)
  inputIn(field).setAttribute("type", type)
  return field
}

/** @param {string} key @param {string} label @param {string[][]} options value and text of each */
function choiceField(key, label, options) {
  const field = copyOf("source-choice")
  labelField(field, key, label)
  inputIn(field).append(...options.map(([value, text]) => new Option(text, value)))
  return field
}

/** @param {HTMLElement} field @param {string} key @param {string} text */
function labelField(field, key, text) {
  const label = /** @type {HTMLLabelElement} */ (field.firstElementChild)
  label.textContent = text
  label.htmlFor = `source-${key}`
  Object.assign(inputIn(field), { id: `source-${key}`, name: key })
}

/** @param {string} text */
function showProblem(text) {
  byId("problem").textContent = text
}

function reportHeight() {
  if (config.customCardForm) tell("FORM_RESIZED", Math.ceil(byId("sheet").getBoundingClientRect().height))
}

function focusFirstField() {
  parts("#form input:not([type=radio]), #form select, #submit").find(isShown)?.focus()
}

/** @param {Element} field */
function isShown(field) {
  return !field.closest("[hidden]")
}

// Typing

function spaceNumber() {
  const input = inputById("number")
  if (config.autoCardNumberFormat === "no" || input.selectionEnd !== input.value.length) return
  const digits = input.value.replace(/[\s-]/g, "")
  if (/^\d*$/.test(digits)) input.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ")
}

/** @param {InputEvent} event */
function slashExpiry({ inputType }) {
  if (inputType?.startsWith("delete")) return
  const input = inputById("expiry")
  if (/^([2-9]|\d\d)$/.test(input.value)) input.value = `${input.value.padStart(2, "0")} / `
}

// Paying

/** @param {SubmitEvent} event */
async function pay(event) {
  event.preventDefault()
  if (config.customCardForm) return
  const missing = missingFields()
  if (missing.length) return showProblem(texts.missing + missing.join(", "))
  setBusy(true)
  const { isGood, body } = await (chosenMethod() === CARD ? postToken({}) : postSource())
  setBusy(false)
  if (isGood) finish(body.id)
  else showProblem(body.message)
}

/** @param {string} id */
function finish(id) {
  clear()
  tell("CLOSE_AND_SEND_TOKEN", id)
}

function close() {
  clear()
  tell("CLOSE_IFRAME")
}

function clear() {
  form.reset()
  showMethod()
  showProblem("")
  missingFields({ mark: false })
}

/** @param {boolean} isBusy */
function setBusy(isBusy) {
  submit.disabled = isBusy
  submit.setAttribute("aria-busy", String(isBusy))
  if (isBusy) showProblem("")
}

/** @param {Config} details */
async function sendCardToken(details) {
  const missing = missingFields()
  if (missing.length) return fail(missing.map((label) => texts.missing + label))
  const { isGood, body } = await postToken(details)
  if (!isGood) return fail(body.message)
  showProblem("")
  tell("CARD_TOKEN_CREATED", { token: body.id, remember: inputById("remember").checked })
}

/** @param {string | string[]} problem */
function fail(problem) {
  showProblem([problem].flat().join(". "))
  tell("CARD_FORM_ERROR", problem)
}

function missingFields({ mark = true } = {}) {
  const fields = parts("#form [required]").filter(isShown).map((part) => /** @type {Field} */ (part))
  for (const field of fields) field.setAttribute("aria-invalid", String(mark && !field.value.trim()))
  const missing = fields.filter((field) => !field.value.trim())
  if (mark) missing[0]?.focus()
  return missing.map((field) => field.labels?.[0].textContent ?? "")
}

/** @param {Config} details */
function postToken(details) {
  return post("/tokens", { card: { ...cardValues(), ...billing(details) } })
}

function cardValues() {
  const [month, year] = expiryParts(inputById("expiry").value.trim())
  return {
    name: inputById("name").value,
    number: inputById("number").value.replace(/[\s-]/g, ""),
    expiration_month: toNumber(month),
    expiration_year: toNumber(year.length === 2 ? `20${year}` : year),
    security_code: inputById("code").value,
    ...(config.location === "yes" && {
      city: inputById("city").value,
      postal_code: inputById("postal_code").value,
    }),
  }
}

/**
 * What is no date goes to the vault as it is: the vault says what is wrong with it.
 * @param {string} text
 */
function expiryParts(text) {
  const [, month, year] = text.match(/^(\d{1,2})\D*(\d{4}|\d{2})$/) ?? ["", text, ""]
  return [month, year]
}

/** @param {string} text */
function toNumber(text) {
  return /^\d+$/.test(text) ? Number(text) : text
}

/** @param {Config} details */
function billing({ email, billingAddress, ...address }) {
  /** @type {Record<string, string>} */
  const given = { ...address, ...billingAddress }
  const known = BILLING.filter((key) => given[key]).map((key) => [key, given[key]])
  return { ...Object.fromEntries(known), ...(email && { email }) }
}

function postSource() {
  /** @type {Config} */
  const values = Object.fromEntries(new FormData(form))
  delete values.method
  if (values.installment_term) values.installment_term = Number(values.installment_term)
  return post("/sources", {
    ...values,
    amount: Number(config.amount),
    currency: config.currency,
    platform_type: "WEB",
  })
}

/** @param {string} path @param {object} attributes */
async function post(path, attributes) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { Authorization: basic(config.key), "Content-Type": "application/json" },
      body: JSON.stringify(attributes),
    })
    return { isGood: response.ok, body: await response.json() }
  } catch {
    return { isGood: false, body: { message: texts.unreachable } }
  }
}

/**
 * btoa takes bytes only, and a mistyped key may hold any letter: the vault should see it and say 401.
 * @param {string} key
 */
function basic(key) {
  const bytes = new TextEncoder().encode(`${key ?? ""}:`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}
