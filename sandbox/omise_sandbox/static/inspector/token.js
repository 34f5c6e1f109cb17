/** A form that makes a token call with every field there is, and shows both sides of it. */

import { request } from "./api.js"
import { byId, el, inputById, jsonBlock, status, whileBusy } from "./dom.js"

const ADDRESS = ["street1", "street2", "city", "state", "postal_code", "country", "phone_number"]
/** @type {Record<string, string[]>} */
const FIELDS = {
  card: ["name", "number", "expiration_month", "expiration_year", "security_code", ...ADDRESS, "email"],
  tokenization: ["method", "data", "billing_name", ...ADDRESS.map((name) => `billing_${name}`)],
}
const NUMBERS = ["expiration_month", "expiration_year"]
/** @type {Record<string, string>} */
const START = {
  name: "Somchai Prasert",
  number: "4242424242424242",
  expiration_month: "12",
  expiration_year: String(new Date().getFullYear() + 3),
  security_code: "123",
  method: "googlepay",
}
const CARDS = {
  4242424242424242: "Visa, succeeds",
  5555555555554444: "Mastercard, succeeds",
  3530111333300000: "JCB, succeeds",
  378282246310005: "American Express, succeeds",
  4000000000003063: "Visa, requires 3-D Secure",
  4000000000000002: "Declined",
  4111111111140011: "Insufficient funds",
  4111111111130012: "Stolen or lost",
  4111111111120013: "Failed processing",
  4111111111110014: "Payment rejected",
  4111111111190016: "Failed fraud check",
  4111111111180017: "Invalid account number",
  4111111111150002: "3-D Secure enrolment fails",
  4111111111140003: "3-D Secure validation fails",
  4242424242424241: "Wrong check digit",
}

/** @param {string} [publicKey] */
export function wireToken(publicKey) {
  inputById("token-key").value = publicKey ?? ""
  if (byId("token-fields").childElementCount) return
  byId("token-card").append(...Object.entries(CARDS).map(([number, what]) => new Option(`${what} – ${number}`, number)))
  byId("token-card").addEventListener("change", () => {
    inputById("token-number").value = inputById("token-card").value
  })
  byId("token-kind").addEventListener("change", showFields)
  byId("token-form").addEventListener("submit", send)
  showFields()
}

function showFields() {
  const kind = inputById("token-kind").value
  byId("token-card-field").hidden = kind !== "card"
  byId("token-fields").replaceChildren(...FIELDS[kind].map(field))
}

/** @param {string} name */
function field(name) {
  const input = el("input", { id: `token-${name}`, name, value: START[name] ?? "", autocomplete: "off", spellcheck: false })
  return el("label", { className: "field" }, el("span", {}, name), input)
}

/** @param {SubmitEvent} event */
async function send(event) {
  event.preventDefault()
  const kind = inputById("token-kind").value
  const body = { [kind]: valuesOf(kind) }
  await whileBusy(event.submitter ?? byId("token-form"), () => show(body))
}

/**
 * A field left empty is left out, so that the vault can be asked what it says to that.
 * @param {string} kind
 */
function valuesOf(kind) {
  const filled = FIELDS[kind].map((name) => [name, inputById(`token-${name}`).value]).filter(([, value]) => value !== "")
  return Object.fromEntries(filled.map(([name, value]) => [name, toNumber(name, value)]))
}

/** @param {string} name @param {string} value */
function toNumber(name, value) {
  return NUMBERS.includes(name) && /^\d+$/.test(value) ? Number(value) : value
}

/** @param {object} body */
async function show(body) {
  const key = inputById("token-key").value
  const started = performance.now()
  const answer = await request("POST", "/tokens", { key, body })
  const took = `${Math.round(performance.now() - started)} ms`
  byId("token-result").replaceChildren(
    el("p", { className: "cluster" }, status(answer.status), el("span", { className: "quiet" }, took)),
    jsonBlock("Request: POST /tokens", body) ?? "",
    jsonBlock("Response", answer.body) ?? "",
    jsonBlock("As cURL", curl(key, body)) ?? "",
  )
}

/** @param {string} key @param {object} body */
function curl(key, body) {
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''")
  return `curl ${location.origin}/tokens -u ${key}: \\\n  -H 'Content-Type: application/json' \\\n  -d '${quoted}'`
}
