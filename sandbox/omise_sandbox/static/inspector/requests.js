/** The live log: every request the sandbox answered, newest first. */

import { control } from "./api.js"
import { replayButtons } from "./replay.js"
import { byId, counted, el, fill, fold, inputById, jsonBlock, status, time } from "./dom.js"
import { foldRun, inRuns, open, repeats } from "./reads.js"

/** @typedef {import("./api.js").Row} Row */

const KEPT = 500
/** @type {Row[]} */
let entries = []
/** What is shown: requests, the newest first, those that repeat in one run. @type {Row[][]} */
let runs = []
/** The request that a link asks for, shown with any filter. @type {number | null} */
let linked = null
/** What the filter searches. @type {WeakMap<Row, string>} */
const texts = new WeakMap()

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
  linked = null
  filterRequests()
}

/** @param {Row[]} fresh */
function add(fresh) {
  entries = [...entries, ...fresh].slice(-KEPT)
  filterRequests()
}

export function filterRequests() {
  const wanted = inputById("request-filter").value.trim().toLowerCase()
  const shown = entries.filter((entry) => entry.id === linked || (textOf(entry).includes(wanted) && isChosen(entry)))
  runs = inRuns(shown.reverse(), (entry) => entry)
  fillRows(byId("request-list"), runs)
  showCount(shown.length)
}

/** @param {HTMLElement} list @param {Row[][]} shown */
function fillRows(list, shown) {
  fill(list, shown, {
    key: (run) => String(run[run.length - 1].id),
    version: (run) => run.map(({ id }) => id).join(" "),
    row: (run, before) => (run.length > 1 ? runRow(run, before) : row(run[0])),
  })
}

/** @param {Row} entry */
function textOf(entry) {
  const text = texts.get(entry) ?? JSON.stringify([entry.method, entry.path, entry.status, entry.response]).toLowerCase()
  texts.set(entry, text)
  return text
}

/** @param {Row} entry */
function isChosen(entry) {
  const pressed = [...chips].map((name) => CHIPS[name])
  return pressed.every(({ kind }) => pressed.some((chip) => chip.kind === kind && chip.shows(entry)))
}

/**
 * Chip → what it asks of a request. Of two chips of one kind either is enough.
 * @type {Record<string, { kind: string, shows: (entry: Row) => boolean }>}
 */
const CHIPS = {
  GET: { kind: "method", shows: ({ method }) => method === "GET" },
  POST: { kind: "method", shows: ({ method }) => method === "POST" },
  "PATCH, DELETE": { kind: "method", shows: ({ method }) => method === "PATCH" || method === "DELETE" },
  "4xx": { kind: "status", shows: ({ status: answer }) => /^4/.test(answer ?? "") },
  "5xx, no response": { kind: "status", shows: ({ status: answer }) => !answer || answer >= 500 },
  "Hide polling": { kind: "poll", shows: (entry) => !isPoll(entry) },
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
  linked = Number(id)
  filterRequests()
  const place = runs.findIndex((run) => run.some((entry) => entry.id === linked))
  const shown = byId("request-list").children[place]
  open(shown)
  const single = shown?.querySelector(`.run > [data-key="${linked}"]`)
  if (single) open(single)
  ;(single ?? shown)?.scrollIntoView({ block: "center" })
}

/** @param {number} shown */
function showCount(shown) {
  byId("request-count").textContent = shown === entries.length ? "" : `${shown} of ${counted(entries.length, "request")}`
  byId("request-empty").hidden = entries.length > 0
  byId("request-no-hits").hidden = shown > 0 || entries.length === 0
}

/** @param {Row} entry */
function row(entry) {
  return fold("row", summaryOf(entry), () => insideRequest(entry))
}

/**
 * Readings that repeat, the newest first like all requests.
 * @param {Row[]} run
 * @param {Element} [before]
 */
function runRow(run, before) {
  const line = summaryOf(run[0], repeats([...run].reverse()))
  const single = run.map((entry) => [entry])
  const key = String(run[run.length - 1].id)
  return foldRun({ className: "row", key, line, list: el("div", { className: "rows" }), fill: (list) => fillRows(list, single) }, before)
}

/** A reading of one object: what shops repeat while they wait. @param {Row} entry */
function isPoll({ method, path }) {
  return method === "GET" && /^\/(charges|tokens|sources)\/\w+$/.test(path)
}

/** @param {Row} entry @param {Node | null} [repeated] */
function summaryOf(entry, repeated = null) {
  return el(
    "span",
    { className: "row__line" },
    time(entry.at),
    el("span", { className: "method" }, entry.method),
    el("span", { className: "row__path" }, entry.path, repeated),
    ...requestMarks(entry),
    el("span", { className: "row__time" }, repeated ? "" : `${Math.round(entry.milliseconds * 10) / 10} ms`),
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
