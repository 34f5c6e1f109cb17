/** The live log: every request the sandbox answered, newest first. */

import { control } from "./api.js"
import { replayButtons } from "./replay.js"
import { byId, counted, el, fold, inputById, jsonBlock, status, time } from "./dom.js"

/** @typedef {import("./api.js").Row} Row */

const KEPT = 500
/** @type {Row[]} */
let entries = []

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
  for (const row of rows()) row.hidden = !row.dataset.words?.includes(wanted) || !isChosen(row.dataset)
  showCount()
}

/** @param {DOMStringMap} data */
function isChosen(data) {
  const pressed = [...chips].map((name) => CHIPS[name])
  return pressed.every(({ kind }) => pressed.some((chip) => chip.kind === kind && chip.shows(data)))
}

/**
 * Chip → what it asks of a request. Of two chips of one kind either is enough.
 * @type {Record<string, { kind: string, shows: (data: DOMStringMap) => boolean }>}
 */
const CHIPS = {
  GET: { kind: "method", shows: ({ method }) => method === "GET" },
  POST: { kind: "method", shows: ({ method }) => method === "POST" },
  "PATCH, DELETE": { kind: "method", shows: ({ method }) => method === "PATCH" || method === "DELETE" },
  "4xx": { kind: "status", shows: ({ status: answer }) => /^4/.test(answer ?? "") },
  "5xx, no response": { kind: "status", shows: ({ status: answer }) => /^(5|cut)/.test(answer ?? "") },
  "Hide polling": { kind: "poll", shows: ({ poll }) => poll === undefined },
}
/** The chips that are pressed. @type {Set<string>} */
const chips = new Set()

export function wireRequests() {
  inputById("request-filter").addEventListener("input", filterRequests)
  byId("request-chips").append(...Object.keys(CHIPS).map(chip))
}

/** @param {string} name */
function chip(name) {
  const element = el("button", { type: "button", className: "chip", ariaPressed: "false" }, name)
  element.addEventListener("click", () => {
    if (!chips.delete(name)) chips.add(name)
    element.ariaPressed = String(chips.has(name))
    filterRequests()
  })
  return element
}

/** Shows one request, as a link to it asks. @param {string} id */
export function showRequest(id) {
  const row = rows().find((each) => each.dataset.id === id)
  if (!(row instanceof HTMLDetailsElement)) return
  row.hidden = false
  row.open = true
  row.scrollIntoView({ block: "center" })
}

function rows() {
  return /** @type {HTMLElement[]} */ ([...byId("request-list").children])
}

function showCount() {
  const shown = rows().filter((row) => !row.hidden).length
  byId("request-count").textContent = shown === entries.length ? "" : `${shown} of ${counted(entries.length, "request")}`
  byId("request-empty").hidden = entries.length > 0
  byId("request-no-hits").hidden = shown > 0 || entries.length === 0
}

/** @param {Row} entry */
function row(entry) {
  const details = fold("row", summaryOf(entry), () => insideRequest(entry))
  Object.assign(details.dataset, { id: String(entry.id), method: entry.method, status: String(entry.status ?? "cut") })
  if (isPoll(entry)) details.dataset.poll = ""
  details.dataset.words = JSON.stringify([entry.method, entry.path, entry.status, entry.response]).toLowerCase()
  return details
}

/** A reading of one object: what shops repeat while they wait. @param {Row} entry */
function isPoll({ method, path }) {
  return method === "GET" && /^\/(charges|tokens|sources)\/\w+$/.test(path)
}

/** @param {Row} entry */
function summaryOf(entry) {
  return el(
    "span",
    { className: "row__line" },
    time(entry.at),
    el("span", { className: "method" }, entry.method),
    el("span", { className: "row__path" }, entry.path),
    ...requestMarks(entry),
    el("span", { className: "row__time" }, `${Math.round(entry.milliseconds * 10) / 10} ms`),
  )
}

/** @param {Row} entry */
export function requestMarks(entry) {
  return [faultMark(entry.fault), status(entry.status || 0, entry.status || "no response")]
}

/** @param {string | null} [fault] */
function faultMark(fault) {
  if (fault === null || fault === undefined) return null
  return el("span", { className: "status", data: { tone: "fault" } }, `fault: ${fault}`)
}

/**
 * One exchange: its payment, ways to repeat it, and both sides.
 * @param {Row} entry
 */
export function insideRequest(entry) {
  return [paymentLink(entry), replayButtons(entry), sidesOf(entry)]
}

/** @param {Row} entry */
function paymentLink({ path, response }) {
  const id = response?.object === "charge" ? response.id : (response?.charge ?? path.match(/chrg_(?:test_)?\w+/)?.[0])
  return typeof id === "string" ? el("p", {}, el("a", { href: `#payments/${id}` }, `Payment ${id}`)) : null
}

/** @param {Row} entry */
function sidesOf(entry) {
  const query = typeof entry.query === "string" ? entry.query : null
  const asked = isEmpty(entry.query) || query !== null ? null : entry.query
  const blocks = [
    jsonBlock("Query", query || asked),
    jsonBlock("Request", isEmpty(entry.request) ? null : entry.request),
    jsonBlock("Response", entry.response),
  ].filter((block) => block !== null)
  return blocks.length ? el("div", { className: "blocks" }, blocks) : el("p", { className: "quiet" }, "No query and no body.")
}

/** @param {unknown} value */
function isEmpty(value) {
  return !value || (typeof value === "object" && !Object.keys(value).length)
}
