/** A logged request again: as a cURL command, as a test, or sent once more. */

import { keyOf, request } from "./api.js"
import { announce, button, el } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

/** The log hides card numbers and security codes; these stand in for them. */
const TEST_NUMBER = "4242424242424242"
const TEST_CODE = "123"
const HIDDEN = "•••"

/** @param {Row} entry */
export function replayButtons(entry) {
  const key = keyOf(entry.path)
  if (!key) return null
  return el(
    "p",
    { className: "cluster" },
    button("Copy as cURL", () => copy(asCurl(entry, key), "cURL")),
    button("Copy as pytest", () => copy(asTest(entry), "pytest")),
    button("Replay", () => replay(entry, key)),
  )
}

/** @param {string} text @param {string} what */
export async function copy(text, what) {
  await navigator.clipboard.writeText(text)
  announce(`Copied as ${what}`)
}

/** @param {Row} entry @param {string} key */
async function replay(entry, key) {
  const answer = await request(entry.method, addressOf(entry), { key, body: bodyOf(entry) })
  announce(`Replayed ${entry.method} ${entry.path}: ${answer.status}`)
}

/** @param {Row} entry @param {string} key */
export function asCurl(entry, key) {
  const body = bodyOf(entry)
  const data = body ? ` \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'` : ""
  return `curl -X ${entry.method} '${location.origin}${addressOf(entry)}' -u ${key}:${data}`
}

/** @param {Row} entry */
export function asTest(entry) {
  const isVault = /^\/tokens/.test(entry.path)
  const key = isVault ? "public_key" : "secret_key"
  const body = bodyOf(entry)
  const json = body ? `, json=${toPython(body)}` : ""
  return [
    "import requests",
    "",
    "",
    "def test_request(omise_world):",
    `    url = f"{omise_world.url}${addressOf(entry)}"`,
    `    answer = requests.request("${entry.method}", url, auth=(omise_world.${key}, ""), timeout=5${json})`,
    "",
    `    assert answer.status_code == ${entry.status ?? 200}`,
    "",
  ].join("\n")
}

/** @param {Row} entry */
function addressOf({ path, query }) {
  return query ? `${path}?${query}` : path
}

/** @param {Row} entry @returns {Row | undefined} */
function bodyOf({ method, request: params }) {
  if (method === "GET" || !params || !Object.keys(params).length) return undefined
  return JSON.parse(JSON.stringify(params), (name, value) => shown(name, value))
}

/** @param {string} name @param {unknown} value */
function shown(name, value) {
  if (typeof value !== "string" || !value.includes(HIDDEN)) return value
  return name === "number" ? TEST_NUMBER : TEST_CODE
}

/** @param {unknown} value @returns {string} */
function toPython(value) {
  if (Array.isArray(value)) return `[${value.map(toPython).join(", ")}]`
  if (value && typeof value === "object") {
    return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${toPython(each)}`).join(", ")}}`
  }
  /** @type {Record<string, string>} */
  const words = { true: "True", false: "False", null: "None" }
  return words[String(value)] && typeof value !== "string" ? words[String(value)] : JSON.stringify(value)
}
