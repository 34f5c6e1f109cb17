/** The inspector: chooses the view, keeps it fresh, stops asking while the page is hidden. */

import { CallFailed } from "./api.js"
import { showClock, showSettings, showSummary, wireControls } from "./controls.js"
import { announce, byId } from "./dom.js"
import { showFaults, showHolds, wireFaults } from "./faults.js"
import { showObjects } from "./objects.js"
import { showExamination, wireExamination } from "./examine.js"
import { showFidelity } from "./fidelity.js"
import { showPayment, showPayments, wirePayments } from "./payments.js"
import { forgetRequests, readRequests, showRequest, wireRequests } from "./requests.js"
import { wireScenarios } from "./scenarios.js"
import { wireToken } from "./token.js"
import { showCurrentTab, wireTabs } from "./tabs.js"
import { showWebhooks, wireWebhooks } from "./webhooks.js"
import { showWorlds, wireWorlds } from "./worlds.js"

const POLL_MS = 1000
/** @type {Record<string, () => unknown>} */
const VIEWS = {
  requests: () => {},
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
  try {
    await readRequests()
    await showFaults()
    await showHolds()
    await showSummary()
    await showClock()
    await VIEWS[chosenView()]()
    showLive(isPaused ? "paused" : "live")
  } catch (error) {
    showLive("lost", error instanceof CallFailed ? error.message : undefined)
  }
}

/** @param {"live" | "paused" | "lost"} state */
function showLive(state, reason = "The sandbox does not answer") {
  const texts = { live: "Live", paused: "Paused", lost: reason }
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
