/** Readings that repeat, such as those of a shop that polls: a run of them is one line, which opens to show each. */

import { el, foldOf, time, versionOf } from "./dom.js"

/**
 * @typedef {import("./api.js").Row} Row
 * @typedef {{ className: string, key: string, line: Node, list: HTMLElement, fill: (list: HTMLElement) => void }} Run
 */

/** What each reading has in common with those that differ from it in nothing but their time. @type {WeakMap<Row, string>} */
const identities = new WeakMap()
/** How to fill the list of a run, by its fold. @type {WeakMap<Element, () => void>} */
const fillers = new WeakMap()

/** @param {Row | null} entry null for anything that is not a request */
function identityOf(entry) {
  if (entry?.method !== "GET") return null
  const { path, query, fault, status, response } = entry
  const known = identities.get(entry) ?? versionOf([path, query, fault, status, response])
  identities.set(entry, known)
  return known
}

/**
 * The items in their order; those that are readings identical to the one before share a run.
 * @template Item
 * @param {Item[]} items
 * @param {(item: Item) => Row | null} requestOf
 */
export function inRuns(items, requestOf) {
  /** @type {Item[][]} */
  const runs = []
  /** @type {string | null} */
  let last = null
  for (const item of items) {
    const identity = identityOf(requestOf(item))
    if (identity !== null && identity === last) runs[runs.length - 1].push(item)
    else runs.push([item])
    last = identity
  }
  return runs
}

/** How often, and from when to when. @param {Row[]} entries the oldest first */
export function repeats(entries) {
  const [first, last] = [entries[0], entries[entries.length - 1]].map(({ at }) => time(at))
  const range = first.textContent === last.textContent ? [first] : [first, " to ", last]
  return el("span", { className: "repeats" }, el("strong", {}, ` × ${entries.length}`), ", ", range)
}

/**
 * The fold of a run; that of the same run before is brought up to date, so that it stays open and focused.
 * @param {Run} run
 * @param {Element} [before] what was shown in its place
 */
export function foldRun({ className, key, line, list, fill }, before) {
  const shown = foldOf(before)
  const isSame = shown !== null && fillers.has(shown)
  const details = isSame ? shown : emptyFold(className, list)
  // A reading that was open by itself stays open in its run.
  if (!isSame && shown?.open) details.dataset.opens = key
  details.firstElementChild?.replaceChildren(line)
  fillers.set(details, () => fill(/** @type {HTMLElement} */ (details.querySelector(".run"))))
  if (details.open) showRows(details)
  return details
}

/** @param {string} className @param {HTMLElement} list */
function emptyFold(className, list) {
  list.classList.add("run")
  const details = el("details", { className: `${className} row--run` }, el("summary"), el("div", { className: "inside" }, list))
  details.addEventListener("toggle", () => details.open && showRows(details))
  return details
}

/** Opens a row, and the run that it may be. @param {Element | null | undefined} row */
export function open(row) {
  const details = foldOf(row)
  if (!details) return
  details.open = true
  if (fillers.has(details)) showRows(details)
}

/** @param {HTMLDetailsElement} details */
function showRows(details) {
  fillers.get(details)?.()
  const { opens } = details.dataset
  delete details.dataset.opens
  if (opens) open(details.querySelector(`.run > [data-key="${CSS.escape(opens)}"]`))
}
