/** The inspector: chooses the view, keeps it fresh, stops asking while the page is hidden. */

import { CallFailed, Unreachable } from "./api.js"
import { showClock, showSettings, showSummary, wireControls } from "./controls.js"
import { announce, byId } from "./dom.js"
import { showFaults, showHolds, wireFaults } from "./faults.js"
import { showObjects } from "./objects.js"
import { showExamination, wireExamination } from "./examine.js"
import { showFidelity } from "./fidelity.js"
import { showPayment, showPayments, wirePayments } from "./payments.js"
import { clearProblem, showProblem } from "./problem.js"
import { forgetRequests, readRequests, showRequest, wireRequests } from "./requests.js"
import { wireScenarios } from "./scenarios.js"
import { wireToken } from "./token.js"
import { showCurrentTab, wireTabs } from "./tabs.js"
import { showWebhooks, wireWebhooks } from "./webhooks.js"
import { showWorlds, wireWorlds } from "./worlds.js"

const POLL_MS = 1000
/** @type {Record<string, () => unknown>} */
const VIEWS = {
  requests: readRequests,
  payments: showPayments,
  objects: showObjects,
  webhooks: showWebhooks,
  controls: showWorlds,
  examine: showExamination,
  token: () => {},
  fidelity: showFidelity,
}
/** @type {Record<string, (id: string) => unknown>} */
const LINKED = { payments: showPayment, requests: showRequest }

let isPaused = false
/** @type {Promise<void>} */
let refreshing = Promise.resolve()

function chosenView() {
  const [name] = location.hash.slice(1).split("/")
  return name in VIEWS ? name : "requests"
}

function showView() {
  const chosen = chosenView()
  for (const name of Object.keys(VIEWS)) byId(name).hidden = name !== chosen
  window.scrollTo(0, 0)
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".tabs a"))
  for (const link of links) {
    if (link.hash === `#${chosen}`) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  showCurrentTab()
  const [, id] = location.hash.split("/")
  const opened = refresh()
  if (id) opened.then(() => LINKED[chosen]?.(id))
}

// One after the other, or two answers would both be added to the log.
function refresh() {
  refreshing = refreshing.then(readAll)
  return refreshing
}

async function readAll() {
  const view = chosenView()
  const problem = (await problemOf(VIEWS[view])) ?? (await problemOf(readHead))
  if (problem === null) clearProblem(view)
  else showProblem(view, problem, refresh)
  showLive(problem instanceof Unreachable ? "lost" : isPaused ? "paused" : "live")
}

/** What the header shows, on every view. */
async function readHead() {
  await showFaults()
  await showHolds()
  await showSummary()
  await showClock()
}

/** Why the work could not be done, or null. @param {() => unknown} work @returns {Promise<unknown>} */
async function problemOf(work) {
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof CallFailed || error instanceof Unreachable)) console.error(error)
    return error
  }
}

/** The state of the connection. @param {"live" | "paused" | "lost"} state */
function showLive(state) {
  const texts = { live: "Live", paused: "Paused", lost: "Not connected" }
  byId("live").dataset.state = state
  byId("live").textContent = texts[state]
}

async function poll() {
  if (!isPaused && !document.hidden) await refresh()
  setTimeout(poll, POLL_MS)
}

async function start() {
  const settings = await showSettings().catch((error) => announce(error.message))
  wireToken(settings?.public_key)
}

byId("origin").textContent = location.origin
byId("object-kind").addEventListener("change", refresh)
byId("pause").addEventListener("click", () => {
  isPaused = !isPaused
  byId("pause").textContent = isPaused ? "Resume" : "Pause"
  refresh()
})
window.addEventListener("hashchange", showView)
wireTabs()
wireFaults()
wireScenarios()
wireExamination()
wireRequests()
wirePayments()
wireWebhooks()
wireWorlds()
wireControls({
  afterReset: () => {
    forgetRequests()
    return refresh()
  },
})
start().then(showView).then(poll)
