/**
 * Omise.js, the library of the card service: loaded with the page, and reloaded when it is dead.
 * The hidden frame through which it makes tokens is dead for half a minute when it cannot be reached.
 */

const pageScript = () => /** @type {HTMLScriptElement} */ (document.querySelector("script[data-omise-js]"))

// For Trusted Types: the address of the script that the page names, and no other.
const policy = window.trustedTypes?.createPolicy("omise-library", { createScriptURL: () => pageScript().src })

/** Resolves once every script of the page has been tried. */
export function whenLoaded() {
  if (document.readyState === "complete") return Promise.resolve()
  return new Promise((resolve) => window.addEventListener("load", resolve, { once: true }))
}

/** Reloads the library, in place of the one that is there; resolves to whether it has loaded. */
export function reload() {
  const script = document.createElement("script")
  script.src = policy ? policy.createScriptURL("") : pageScript().src
  return new Promise((resolve) => {
    script.addEventListener("load", () => resolve(true))
    script.addEventListener("error", () => resolve(false))
    document.head.append(script)
  })
}
