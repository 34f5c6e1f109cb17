/** The tabs scroll on a small screen: the edges fade where there are more, and the current one is in view. */

import { byId } from "./dom.js"

export function wireTabs() {
  byId("tabs").addEventListener("scroll", showEdges, { passive: true })
  window.addEventListener("resize", showCurrentTab)
}

export function showCurrentTab() {
  const tabs = byId("tabs")
  const current = /** @type {HTMLElement | null} */ (tabs.querySelector("[aria-current]"))
  if (current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2
  showEdges()
}

function showEdges() {
  const tabs = byId("tabs")
  tabs.toggleAttribute("data-before", tabs.scrollLeft > 1)
  tabs.toggleAttribute("data-after", tabs.scrollLeft + tabs.clientWidth < tabs.scrollWidth - 1)
}
