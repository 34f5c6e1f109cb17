/** @typedef {{ problems: Record<string, string> }} Refusal messages of the host by field, and what else it says */

/** How long the host's answer may hold up the payment. */
const PATIENCE_MS = 5_000

/**
 * Asks the host whether it will take the form, before a card becomes a token: a token is lost with a refused form.
 * @param {string} url
 * @param {HTMLFormElement} form
 * @returns {Promise<Refusal | null | undefined>} null if it will, undefined if it does not say
 */
export async function askHost(url, form) {
  const fields = new FormData(form)
  fields.delete("token")
  const body = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]))
  const headers = { Accept: "application/json" }
  try {
    const answer = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE_MS) })
    if (answer.ok) return null
    const refusal = await answer.json()
    return refusal.problems ? refusal : undefined
  } catch {
    return undefined
  }
}
