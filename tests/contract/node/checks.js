/**
 * Checks of the official Node client, unchanged. Prints the error of each check as JSON:
 * `{"tokens": null, "charges": "why not"}`.
 *
 * The client does not accept a port, so its plain requests are sent to that of the sandbox.
 */

const assert = require("node:assert")
const http = require("node:http")

const { OMISE_PUBLIC_KEY, OMISE_SECRET_KEY, OMISE_URL } = process.env
const DOCUMENTED = process.env.DIALECT === "documented"

function client(keys = {}) {
  const host = OMISE_URL ? { host: "api.omise.co", vaultHost: "vault.omise.co", scheme: "http" } : {}
  return require("omise")({
    publicKey: OMISE_PUBLIC_KEY,
    secretKey: OMISE_SECRET_KEY,
    omiseVersion: "2019-05-29",
    ...host,
    ...keys,
  })
}

if (OMISE_URL) {
  const { hostname, port } = new URL(OMISE_URL)
  const plain = http.request
  http.request = (options, ...more) => plain({ ...options, agent: undefined, host: hostname, hostname, port }, ...more)
}

const CARD = {
  name: "JOHN DOE",
  number: "4242424242424242",
  expiration_month: 12,
  expiration_year: 2040,
  security_code: "123",
}

let omise = client()

async function token(card = {}) {
  const { id } = await omise.tokens.create({ card: { ...CARD, ...card } })
  return id
}

async function charge(params = {}) {
  return omise.charges.create({ amount: 100000, currency: "thb", card: await token(), ...params })
}

async function errorCode(promise) {
  try {
    await promise
  } catch (error) {
    return error.code
  }
  throw new Error("was not rejected")
}

const CHECKS = {
  async tokens() {
    const made = await omise.tokens.create({ card: CARD })
    assert.strictEqual(made.used, false)
    const again = await omise.tokens.retrieve(made.id)
    assert.strictEqual(again.card.last_digits, "4242")
  },
  async "a used token"() {
    const card = await token()
    await charge({ card })
    assert.strictEqual(await errorCode(charge({ card, amount: 50000 })), "used_token")
  },
  async charges() {
    const made = await charge({ description: "Mug" })
    await omise.charges.update(made.id, { description: "Two mugs" })
    const again = await omise.charges.retrieve(made.id)
    assert.deepStrictEqual([again.status, again.description], ["successful", "Two mugs"])
  },
  async "lists and pages"() {
    const made = await charge()
    const page = await omise.charges.list({ limit: 1, order: "reverse_chronological" })
    assert.deepStrictEqual([page.limit, page.data.length, page.data[0].id], [1, 1, made.id])
    assert.ok(page.total >= 1)
  },
  async "capture and reverse"() {
    const held = await charge({ capture: false })
    assert.strictEqual((await omise.charges.capture(held.id)).status, "successful")
    const other = await charge({ capture: false })
    assert.strictEqual((await omise.charges.reverse(other.id)).status, "reversed")
  },
  async refunds() {
    const paid = await charge()
    const refund = await omise.charges.createRefund(paid.id, { amount: 30000 })
    const { data } = await omise.charges.listRefunds(paid.id)
    assert.deepStrictEqual(data.map(({ id }) => id), [refund.id])
    assert.strictEqual((await omise.charges.retrieve(paid.id)).refunded_amount, 30000)
  },
  async "customers and cards"() {
    const customer = await omise.customers.create({ email: "john@example.com", card: await token() })
    const updated = await omise.customers.update(customer.id, { card: await token() })
    const card = updated.cards.data[1].id
    const paid = await charge({ customer: customer.id, card })
    assert.strictEqual(paid.card.id, card)
    await omise.customers.destroyCard(customer.id, card)
    assert.strictEqual((await omise.customers.listCards(customer.id)).total, 1)
    assert.strictEqual((await omise.customers.destroy(customer.id)).deleted, true)
  },
  async events() {
    const made = await charge()
    const { data } = await omise.events.list({ limit: 1, order: "reverse_chronological" })
    assert.deepStrictEqual([data[0].key, data[0].data.id], ["charge.create", made.id])
  },
  async sources() {
    const source = await omise.sources.create({ type: "promptpay", amount: 100000, currency: "thb" })
    const waiting = await omise.charges.create({ amount: 100000, currency: "thb", source: source.id })
    assert.strictEqual(waiting.status, "pending")
  },
  async "errors by code"() {
    assert.strictEqual(await errorCode(token({ number: "4242424242424241" })), "invalid_card")
    assert.strictEqual(await errorCode(omise.charges.retrieve("chrg_test_nothing")), "not_found")
    assert.strictEqual(await errorCode(charge({ amount: 1 })), "invalid_charge")
  },
  async "a wrong key"() {
    omise = client({ secretKey: "skey_test_wrong" })
    const code = await errorCode(omise.charges.list())
    omise = client()
    assert.strictEqual(code, "authentication_failure")
  },
  async "capture with a callback"() {
    const held = await charge({ capture: false })
    const captured = await new Promise((resolve, reject) =>
      omise.charges.capture(held.id, (error, body) => (error ? reject(error) : resolve(body))),
    )
    assert.strictEqual(captured.status, "successful")
  },
  /** The sample of the documentation, which only the documented dialect accepts. */
  async "a card added by updateCard"() {
    const customer = await omise.customers.create({ email: "john@example.com" })
    const adding = omise.customers.updateCard(customer.id, { card: await token() })
    if (DOCUMENTED) assert.strictEqual((await adding).object, "card")
    else await assert.rejects(adding)
    const { cards } = await omise.customers.update(customer.id, { card: await token() })
    assert.strictEqual(cards.total, DOCUMENTED ? 2 : 1)
  },
}

async function main() {
  const errors = {}
  for (const [name, check] of Object.entries(CHECKS)) {
    errors[name] = await check().then(() => null, (error) => error.message ?? String(error))
  }
  console.log(JSON.stringify(errors))
}

main()
