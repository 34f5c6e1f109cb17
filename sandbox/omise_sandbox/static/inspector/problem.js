/** The problem of a view: an alert in it that says what to do next. */

import { CallFailed, Unreachable } from "./api.js"
import { button, byId, el } from "./dom.js"

/** What the alert of each view says. @type {Map<string, string>} */
const shown = new Map()

const STALE = "What is shown below may be out of date."

/**
 * Shows in a view why it cannot be brought up to date; said once, however often it is shown.
 * @param {string} view
 * @param {unknown} error
 * @param {() => Promise<unknown>} retry
 */
export function showProblem(view, error, retry) {
  const { what, next } = textsOf(view, error)
  if (shown.get(view) === what) return
  clearProblem(view)
  shown.set(view, what)
  const again = button("Try again", async () => {
    await retry()
    if (!shown.has(view)) focusHeading(view)
  })
  const alert = el("div", { className: "alert problem", role: "alert" }, el("p", {}, el("strong", {}, what)), el("p", {}, next), el("p", {}, again))
  headOf(view).after(alert)
}

/** @param {string} view */
export function clearProblem(view) {
  if (shown.delete(view)) byId(view).querySelector(".problem")?.remove()
}

/** The bar or heading of a view, or its first part. @param {string} view */
function headOf(view) {
  return /** @type {Element} */ (byId(view).querySelector(":scope > .bar, :scope > h2") ?? byId(view).firstElementChild)
}

// The button is gone with the alert, so the focus goes to the heading.
/** @param {string} view */
function focusHeading(view) {
  const heading = byId(`${view}-title`)
  heading.tabIndex = -1
  heading.focus()
}

/** @param {string} view @param {unknown} error */
function textsOf(view, error) {
  if (error instanceof Unreachable) return { what: `${error.message}.`, next: `Start it again if it has stopped. ${STALE}` }
  const reason = error instanceof Error ? error.message : String(error)
  const what = `${byId(`${view}-title`).textContent}: ${reason.replace(/\.$/, "")}.`
  if (!(error instanceof CallFailed)) return { what, next: `The console of the browser says more. ${STALE}` }
  if (error.status < 500) return { what, next: "If this world is gone, switch to another one under Controls." }
  return { what, next: `The log of the sandbox says why. ${STALE}` }
}
