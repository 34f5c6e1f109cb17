/** Small pieces the inspector's views are made of. Text only ever becomes text. */

const ANNOUNCED_MS = 8000

/**
 * @typedef {import("./api.js").Row} Row
 * @typedef {Node | string | null | undefined} Child
 */

/**
 * An element with properties, data attributes and children; `null` children are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ data?: Record<string, string>, [property: string]: unknown }} [properties]
 * @param {...(Child | Child[])} children
 */
export function el(tag, { data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  Object.assign(element.dataset, data)
  for (const child of children.flat()) if (child !== null && child !== undefined) element.append(child)
  return element
}

/**
 * The element with an id, which the page has.
 * @param {string} id
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/**
 * The input or select with an id, which the page has.
 * @param {string} id
 */
export const inputById = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id))

/** @param {string} text @param {() => unknown} onClick */
export function button(text, onClick, className = "button button--small") {
  const element = el("button", { type: "button", className }, text)
  element.addEventListener("click", () => whileBusy(element, onClick))
  return element
}

/** @param {Element} element @param {() => unknown} work */
export async function whileBusy(element, work) {
  element.setAttribute("aria-busy", "true")
  try {
    await work()
  } catch (error) {
    announce(error instanceof Error ? error.message : String(error))
  }
  element.removeAttribute("aria-busy")
}

/**
 * Says in the page's status line what has just been done, or why it could not be.
 * @param {string} text
 */
export function announce(text) {
  const place = byId("announcement")
  place.textContent = text
  place.getAnimations().forEach((fading) => fading.cancel())
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    place.animate([{ opacity: 1 }, { opacity: 1, offset: 0.9 }, { opacity: 0 }], ANNOUNCED_MS)
  }
  setTimeout(() => {
    if (place.textContent === text) place.textContent = ""
  }, ANNOUNCED_MS)
}

const versions = new WeakMap()

/**
 * What there is to see of a value: the same text for as long as nothing else than the time goes on.
 * @param {unknown} value
 */
export function versionOf(value) {
  return JSON.stringify(value, withoutNow)
}

/**
 * A list, also the one of refunds in a charge, says when it was read.
 * @this {Row}
 * @param {string} name
 * @param {unknown} value
 */
function withoutNow(name, value) {
  return name === "to" && this.object === "list" ? undefined : value
}

/**
 * Brings `list` in line with `items`. Rows that did not change stay in their place, and those that are open stay open.
 * @template Item
 * @param {HTMLElement} list
 * @param {Item[]} items
 * @param {{ key: (item: Item) => string, version: (item: Item) => string, row: (item: Item, before?: Element) => HTMLElement }} how
 */
export function fill(list, items, { key, version, row }) {
  const children = /** @type {HTMLElement[]} */ ([...list.children])
  const old = new Map(children.map((child) => [child.dataset.key, child]))
  const rows = items.map((item) => {
    const before = old.get(String(key(item)))
    const now = String(version(item))
    if (before && versions.get(before) === now) return before
    const after = row(item, before)
    after.dataset.key = String(key(item))
    versions.set(after, now)
    if (before !== after) keepOpen(foldOf(before), foldOf(after))
    return after
  })
  place(list, rows)
}

/** Only what is new or gone is touched: a row that is moved would lose the focus. @param {HTMLElement} list @param {HTMLElement[]} rows */
function place(list, rows) {
  const wanted = new Set(rows)
  for (const child of /** @type {HTMLElement[]} */ ([...list.children])) if (!wanted.has(child)) child.remove()
  let next = list.firstElementChild
  for (const row of rows) {
    if (row === next) next = next.nextElementSibling
    else list.insertBefore(row, next)
  }
}

/** @param {HTMLDetailsElement | null} before @param {HTMLDetailsElement | null} after */
function keepOpen(before, after) {
  if (before?.open && after) after.open = true
}

/** What opens in a row, or null: the row itself or its child. @param {Element | null | undefined} row */
export function foldOf(row) {
  if (row instanceof HTMLDetailsElement) return row
  return /** @type {HTMLDetailsElement | null} */ (row?.querySelector(":scope > details") ?? null)
}

/**
 * A row that opens; its inside is made when it is first opened.
 * @param {string} className
 * @param {Child} summary
 * @param {() => Child | Child[]} inside
 */
export function fold(className, summary, inside) {
  const details = el("details", { className }, el("summary", {}, summary))
  const build = () => details.childElementCount === 1 && details.append(el("div", { className: "inside" }, inside()))
  details.addEventListener("toggle", build)
  return details
}

/** A time of today in short, of another day with its date. @param {string | null} [at] */
export function time(at) {
  const date = new Date(at ?? "")
  if (Number.isNaN(date.getTime())) return el("time", {}, String(at ?? ""))
  const isToday = date.toISOString().slice(0, 10) === new Date().toISOString().slice(0, 10)
  const text = isToday ? date.toISOString().slice(11, 19) : fullTime(date).replace(/ \d{4},/, ",").replace(" UTC", "")
  return el("time", { dateTime: at ?? "", title: fullTime(date) }, text)
}

/** A time with its date and zone. @param {Date} date */
export function fullTime(date) {
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })
  return `${day}, ${date.toISOString().slice(11, 19)} UTC`
}

/** A number of things, such as "1 charge" and "2 charges". @param {number} number @param {string} thing */
export function counted(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`
}

/** @param {string | number} value @param {string | number} text */
export function status(value, text = value) {
  return el("span", { className: "status", data: { tone: toneOf(value) } }, String(text))
}

/** @param {string | number} value */
function toneOf(value) {
  /** @type {Record<string, string>} */
  const tones = { successful: "good", delivered: "good", pending: "wait", reversed: "wait", failed: "bad", expired: "bad" }
  if (typeof value !== "number") return tones[value] ?? "none"
  if (value >= 200 && value < 400) return "good"
  return value >= 400 && value < 500 ? "wait" : "bad"
}

/** @param {number} amount @param {string} currency */
export function money(amount, currency) {
  if (!Number.isFinite(amount) || !currency) return ""
  const format = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "code" })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0))
}

const JSON_PART = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?)/g

/**
 * A titled block of JSON (or of plain text), coloured; null when there is nothing to show.
 * @param {string} title
 * @param {unknown} value
 */
export function jsonBlock(title, value) {
  if (value === null || value === undefined || value === "") return null
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2)
  const pre = el("pre", { className: "json", tabIndex: 0 }, text === value ? text : colour(text))
  pre.setAttribute("aria-label", title)
  return el("figure", { className: "block" }, el("figcaption", {}, title), pre)
}

/** @param {string} text */
function colour(text) {
  /** @type {Child[]} */
  const parts = []
  let end = 0
  for (const match of text.matchAll(JSON_PART)) {
    const [whole, string, colon] = match
    parts.push(text.slice(end, match.index))
    const kind = string ? (colon ? "key" : "string") : "literal"
    parts.push(el("span", { className: `json__${kind}` }, whole))
    end = match.index + whole.length
  }
  return [...parts, text.slice(end)]
}

/**
 * Do the work with the values of a form, once for each time that it is sent.
 * @param {string} id
 * @param {(values: Record<string, string>) => unknown} work
 */
export function onSubmit(id, work) {
  const form = /** @type {HTMLFormElement} */ (byId(id))
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    whileBusy(event.submitter ?? form, () => work(values))
  })
}
