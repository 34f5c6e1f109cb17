/** The live log: every request the sandbox answered, newest first. */

import { control } from "./api.js"
import { byId, el, fold, inputById, jsonBlock, status, time } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

const KEPT = 500
/** @type {Row[]} */
let entries = []

export function allRequests() {
  return entries
}

/** Fetches what is new; resolves to true when there was something. */
export async function readRequests() {
  const last = entries.at(-1)
  // Asks for the last known entry again: if it is gone, the sandbox was reset under us.
  const { data } = await control("GET", `requests?after=${last ? last.id - 1 : 0}`)
  if (last && !isSame(data[0], last)) return startAgain()
  const fresh = last ? data.slice(1) : data
  if (fresh.length) add(fresh)
  return fresh.length > 0
}

/** @param {Row | undefined} one @param {Row} other */
function isSame(one, other) {
  return one !== undefined && one.id === other.id && one.at === other.at
}

async function startAgain() {
  forgetRequests()
  await readRequests()
  return true
}

export function forgetRequests() {
  entries = []
  byId("request-list").replaceChildren()
  showCount()
}

/** @param {Row[]} fresh */
function add(fresh) {
  entries = [...entries, ...fresh].slice(-KEPT)
  const list = byId("request-list")
  list.prepend(...fresh.slice(-KEPT).map(row).reverse())
  while (list.childElementCount > KEPT) list.lastElementChild?.remove()
  filterRequests()
}

export function filterRequests() {
  const wanted = inputById("request-filter").value.trim().toLowerCase()
  for (const row of rows()) row.hidden = !row.dataset.words?.includes(wanted)
  showCount()
}

function rows() {
  return /** @type {HTMLElement[]} */ ([...byId("request-list").children])
}

function showCount() {
  const shown = rows().filter((row) => !row.hidden).length
  byId("request-count").textContent = `${shown} of ${entries.length}`
  byId("request-empty").hidden = shown > 0
}

/** @param {Row} entry */
function row(entry) {
  const details = fold("row", summaryOf(entry), () => inside(entry))
  details.dataset.words = JSON.stringify([entry.method, entry.path, entry.status, entry.response]).toLowerCase()
  return details
}

/** @param {Row} entry */
function summaryOf(entry) {
  return el(
    "span",
    { className: "row__line" },
    time(entry.at),
    el("span", { className: "method" }, entry.method),
    el("span", { className: "row__path" }, entry.path),
    faultMark(entry.fault),
    status(entry.status || 0, entry.status || "cut"),
    el("span", { className: "row__time" }, `${Math.round(entry.milliseconds * 10) / 10} ms`),
  )
}

/** @param {string | null} [fault] */
export function faultMark(fault) {
  if (fault === null || fault === undefined) return null
  return el("span", { className: "status", data: { tone: "fault" } }, `fault: ${fault}`)
}

/**
 * The two sides of one exchange.
 * @param {Row} entry
 */
export function inside(entry) {
  const query = typeof entry.query === "string" ? entry.query : null
  const asked = isEmpty(entry.query) || query !== null ? null : entry.query
  const blocks = [
    jsonBlock("Query", query || asked),
    jsonBlock("Request", isEmpty(entry.request) ? null : entry.request),
    jsonBlock("Response", entry.response),
  ].filter((block) => block !== null)
  return blocks.length ? el("div", { className: "blocks" }, blocks) : el("p", { className: "quiet" }, "No bodies.")
}

/** @param {unknown} value */
function isEmpty(value) {
  return !value || (typeof value === "object" && !Object.keys(value).length)
}
