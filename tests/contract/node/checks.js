/**
 * The official Node client, unchanged, put through its paces. Prints what went wrong by check, as
 * JSON: `{"tokens": null, "charges": "why not"}`.
 *
 * The client cannot be given a port, so its plain requests are turned to the sandbox's.
 */

const assert = require("node:assert")
const http = require("node:http")

const { OMISE_PUBLIC_KEY, OMISE_SECRET_KEY, OMISE_URL } = process.env

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

async function charge(wishes = {}) {
  return omise.charges.create({ amount: 100000, currency: "thb", card: await token(), ...wishes })
}

async function refusal(promise) {
  try {
    await promise
  } catch (error) {
    return error.code
  }
  throw new Error("was not refused")
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
    assert.strictEqual(await refusal(charge({ card, amount: 50000 })), "used_token")
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
    assert.strictEqual(await refusal(token({ number: "4242424242424241" })), "invalid_card")
    assert.strictEqual(await refusal(omise.charges.retrieve("chrg_test_nothing")), "not_found")
    assert.strictEqual(await refusal(charge({ amount: 1 })), "invalid_charge")
  },
  async "a wrong key"() {
    omise = client({ secretKey: "skey_test_wrong" })
    const code = await refusal(omise.charges.list())
    omise = client()
    assert.strictEqual(code, "authentication_failure")
  },
  /** The brief adds a card with updateCard(customer, {card}); the client takes three arguments. */
  async "a sample that the client refuses"() {
    const customer = await omise.customers.create({ email: "john@example.com" })
    await assert.rejects(async () => omise.customers.updateCard(customer.id, { card: await token() }))
    const { cards } = await omise.customers.update(customer.id, { card: await token() })
    assert.strictEqual(cards.total, 1)
  },
}

async function main() {
  const told = {}
  for (const [name, check] of Object.entries(CHECKS)) {
    told[name] = await check().then(() => null, (error) => error.message ?? String(error))
  }
  console.log(JSON.stringify(told))
}

main()
