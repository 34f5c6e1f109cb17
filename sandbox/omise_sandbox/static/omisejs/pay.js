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

const byId = (id) => document.getElementById(id)
const root = document.documentElement
let config = {}
let texts = textsFor("en")
let shop = "*"

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || source === window) return
  const message = parse(data)
  if (message?.type === "SHOW_IFRAME_APP_FORM") show(message.data.config, origin)
  else if (message?.type === "REQUEST_CARD_TOKEN") sendCardToken(message.data ?? {})
})
byId("form").addEventListener("submit", pay)
byId("methods").addEventListener("change", showMethod)
byId("close").addEventListener("click", close)
byId("logo").addEventListener("error", ({ target }) => (target.hidden = true))
byId("number").addEventListener("input", spaceNumber)
byId("expiry").addEventListener("input", slashExpiry)
window.addEventListener("focus", () => document.activeElement === document.body && enter())
document.addEventListener("keydown", ({ key }) => key === "Escape" && !config.customCardForm && close())
new ResizeObserver(reportHeight).observe(byId("sheet"))

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function tell(type, data = null) {
  window.parent.postMessage(JSON.stringify({ type, data }), shop)
}

// Showing

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
  for (const part of document.querySelectorAll("[data-text]")) part.textContent = texts[part.dataset.text]
  byId("close").setAttribute("aria-label", texts.close)
  byId("label").textContent = config.frameLabel ?? ""
  byId("description").textContent = config.frameDescription ?? ""
  byId("amount").textContent = amountText()
  byId("submit").textContent = [config.submitLabel || "Pay", amountText()].join(" ").trim()
  byId("brands").textContent = config.customCardForm ? "" : brandsText()
  byId("logo").hidden = !config.image
  if (config.image) byId("logo").src = config.image
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
  const shown = {
    popup: !isEmbedded,
    location: config.location === "yes",
    remember: isEmbedded && !config.customCardFormHideRememberCard,
  }
  for (const part of document.querySelectorAll("[data-only]")) part.hidden = !shown[part.dataset.only]
  root.dataset.mode = isEmbedded ? "embedded" : "popup"
  root.dataset.theme = config.customCardFormTheme ?? ""
  if (isEmbedded) applyStyle(config.style ?? {})
}

function applyStyle({ fontFamily, fontSize, input = {}, checkBox = {} }) {
  setStyle("--pay-font", fontFamily)
  setStyle("--pay-size", fontSize)
  setStyle("--pay-ink", checkBox.textColor)
  setStyle("--color-action", checkBox.themeColor)
  for (const [name, property] of Object.entries(STYLES)) setStyle(property, input[name])
}

function setStyle(property, value) {
  if (value === undefined) root.style.removeProperty(property)
  else root.style.setProperty(property, typeof value === "number" ? `${value}px` : value)
}

function showMethods() {
  const names = [config.defaultPaymentMethod || CARD, ...(config.otherPaymentMethods ?? [])].map(bareName)
  const methods = config.customCardForm ? [CARD] : [...new Set(names)]
  const choices = methods.map(methodChoice)
  byId("methods").replaceChildren(byId("methods").firstElementChild, ...choices)
  byId("methods").querySelector("input").defaultChecked = true
  if (methods.length < 2) byId("methods").hidden = true
  showMethod()
}

function methodChoice(method) {
  const choice = byId("method-choice").content.firstElementChild.cloneNode(true)
  choice.querySelector("input").value = method
  choice.querySelector("span").textContent = method === CARD ? texts.credit_card : nameOf(method)
  return choice
}

function chosenMethod() {
  return byId("methods").querySelector("input:checked").value
}

function showMethod() {
  const method = chosenMethod()
  byId("card-fields").hidden = method !== CARD
  byId("source-fields").replaceChildren()
  if (method !== CARD) showSourceFields(typesOf(method))
}

function showSourceFields(types) {
  const bank = choiceField("type", "Bank", types.map((type) => [type, bankOf(type)]))
  bank.hidden = types.length === 1
  bank.querySelector("select").addEventListener("change", ({ target }) => showDetails(bank, target.value))
  showDetails(bank, types[0])
}

function showDetails(bank, type) {
  const details = fieldsOf(type).map(textField)
  const terms = termsOf(type).map((months) => [months, `${months} months`])
  if (terms.length) details.push(choiceField("installment_term", "Number of months", terms))
  byId("source-fields").replaceChildren(bank, ...details)
}

function textField({ key, label, type }) {
  const field = byId("source-field").content.firstElementChild.cloneNode(true)
  labelField(field, key, label)
  field.querySelector("input").type = type
  return field
}

function choiceField(key, label, options) {
  const field = byId("source-choice").content.firstElementChild.cloneNode(true)
  labelField(field, key, label)
  field.querySelector("select").append(...options.map(([value, text]) => new Option(text, value)))
  return field
}

function labelField(field, key, label) {
  field.firstElementChild.textContent = label
  field.firstElementChild.htmlFor = `source-${key}`
  Object.assign(field.lastElementChild, { id: `source-${key}`, name: key })
}

function showProblem(text) {
  byId("problem").textContent = text
}

function reportHeight() {
  if (config.customCardForm) tell("FORM_RESIZED", Math.ceil(byId("sheet").getBoundingClientRect().height))
}

function focusFirstField() {
  const fields = [...document.querySelectorAll("#form input:not([type=radio]), #form select, #submit")]
  fields.find(isShown).focus()
}

function isShown(field) {
  return !field.closest("[hidden]")
}

// Typing

function spaceNumber({ target }) {
  if (config.autoCardNumberFormat === "no" || target.selectionEnd !== target.value.length) return
  const digits = target.value.replace(/[\s-]/g, "")
  if (/^\d*$/.test(digits)) target.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ")
}

function slashExpiry({ target, inputType }) {
  if (inputType?.startsWith("delete")) return
  if (/^([2-9]|\d\d)$/.test(target.value)) target.value = `${target.value.padStart(2, "0")} / `
}

// Paying

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

function finish(id) {
  clear()
  tell("CLOSE_AND_SEND_TOKEN", id)
}

function close() {
  clear()
  tell("CLOSE_IFRAME")
}

function clear() {
  byId("form").reset()
  showMethod()
  showProblem("")
  missingFields({ mark: false })
}

function setBusy(isBusy) {
  byId("submit").disabled = isBusy
  byId("submit").setAttribute("aria-busy", String(isBusy))
  if (isBusy) showProblem("")
}

async function sendCardToken(details) {
  const missing = missingFields()
  if (missing.length) return fail(missing.map((label) => texts.missing + label))
  const { isGood, body } = await postToken(details)
  if (!isGood) return fail(body.message)
  showProblem("")
  tell("CARD_TOKEN_CREATED", { token: body.id, remember: byId("remember").checked })
}

function fail(problem) {
  showProblem([problem].flat().join(". "))
  tell("CARD_FORM_ERROR", problem)
}

function missingFields({ mark = true } = {}) {
  const fields = [...document.querySelectorAll("#form [required]")].filter(isShown)
  for (const field of fields) field.setAttribute("aria-invalid", String(mark && !field.value.trim()))
  const missing = fields.filter((field) => !field.value.trim())
  if (mark) missing[0]?.focus()
  return missing.map((field) => field.labels[0].textContent)
}

function postToken(details) {
  return post("/tokens", { card: { ...cardValues(), ...billing(details) } })
}

function cardValues() {
  const [month, year] = expiryParts(byId("expiry").value.trim())
  return {
    name: byId("name").value,
    number: byId("number").value.replace(/[\s-]/g, ""),
    expiration_month: toNumber(month),
    expiration_year: toNumber(year.length === 2 ? `20${year}` : year),
    security_code: byId("code").value,
    ...(config.location === "yes" && { city: byId("city").value, postal_code: byId("postal_code").value }),
  }
}

// What is no date goes to the vault as it is: the vault says what is wrong with it.
function expiryParts(text) {
  const [, month, year] = text.match(/^(\d{1,2})\D*(\d{4}|\d{2})$/) ?? ["", text, ""]
  return [month, year]
}

function toNumber(text) {
  return /^\d+$/.test(text) ? Number(text) : text
}

function billing({ email, billingAddress, ...address }) {
  const given = { ...address, ...billingAddress }
  const known = BILLING.filter((key) => given[key]).map((key) => [key, given[key]])
  return { ...Object.fromEntries(known), ...(email && { email }) }
}

function postSource() {
  const values = Object.fromEntries(new FormData(byId("form")))
  delete values.method
  if (values.installment_term) values.installment_term = Number(values.installment_term)
  return post("/sources", {
    ...values,
    amount: Number(config.amount),
    currency: config.currency,
    platform_type: "WEB",
  })
}

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

// btoa takes bytes only, and a mistyped key may hold any letter: the vault should see it and say 401.
function basic(key) {
  const bytes = new TextEncoder().encode(`${key ?? ""}:`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}
