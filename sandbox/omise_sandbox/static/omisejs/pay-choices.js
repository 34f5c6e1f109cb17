/** The choice of a payment method, and the fields that each method asks for. */

import { byId, copyOf, inputIn } from "./pay-dom.js"
import { bankOf, bareName, fieldsOf, nameOf, termsOf, typesOf } from "./pay-methods.js"

const CARD = "credit_card"

/** @param {import("./pay.js").Config} config @param {string} cardLabel */
export function showMethods(config, cardLabel) {
  const names = [config.defaultPaymentMethod || CARD, ...(config.otherPaymentMethods ?? [])].map(bareName)
  const methods = config.customCardForm ? [CARD] : [...new Set(names)]
  const choices = methods.map((method) => methodChoice(method, method === CARD ? cardLabel : nameOf(method)))
  const [legend] = byId("methods").children
  byId("methods").replaceChildren(legend, ...choices)
  inputIn(byId("methods")).defaultChecked = true
  if (methods.length < 2) byId("methods").hidden = true
  showMethod()
}

/** @param {string} method @param {string} text */
function methodChoice(method, text) {
  const choice = copyOf("method-choice")
  inputIn(choice).value = method
  const label = /** @type {HTMLElement} */ (choice.querySelector("span"))
  label.textContent = text
  return choice
}

function chosenMethod() {
  return inputIn(byId("methods"), "input:checked").value
}

export function isCardChosen() {
  return chosenMethod() === CARD
}

export function showMethod() {
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
