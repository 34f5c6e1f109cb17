/** How long the host's answer may hold up the payment. */
const PATIENCE_MS = 5_000

/**
 * Whether the host refuses an email, or the browser if the host does not answer.
 * @param {string} url
 * @param {HTMLInputElement} input
 */
export async function isEmailRefused(url, input) {
  const csrf = input.form?.querySelector("[name='csrf_token']")
  const body = new URLSearchParams({ email: input.value })
  if (csrf instanceof HTMLInputElement) body.set("csrf_token", csrf.value)
  const headers = { Accept: "application/json" }
  const answer = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null)
  return answer?.ok || answer?.status === 422 ? !answer.ok : !input.validity.valid
}
