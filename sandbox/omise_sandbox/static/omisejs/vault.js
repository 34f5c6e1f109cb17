/** Requests to the vault and the API, which serve the frames themselves. */

/**
 * The status and the body of the response; status 0 and a message when there is none.
 * @param {string} path
 * @param {string} key the public key
 * @param {unknown} attributes
 * @returns {Promise<{ status: number, body: any }>}
 */
export async function post(path, key, attributes) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { Authorization: basic(key), "Content-Type": "application/json" },
      body: JSON.stringify(attributes),
    })
    return { status: response.status, body: await response.json() }
  } catch (error) {
    return { status: 0, body: { message: error instanceof Error ? error.message : String(error) } }
  }
}

/**
 * btoa takes bytes only, and a mistyped key may hold any letter: the vault should see it and say 401.
 * @param {string} key
 */
function basic(key) {
  const bytes = new TextEncoder().encode(`${key ?? ""}:`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}

/**
 * The value of a JSON text; null for any other text.
 * @param {string} text
 */
export function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
