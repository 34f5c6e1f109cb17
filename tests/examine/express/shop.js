/**
 * The Express route of Omise's documentation as a shop, with the official client, unchanged.
 *
 * MISTAKES names the mistakes that it makes, separated by commas.
 */

const { randomUUID } = require("node:crypto")
const http = require("node:http")
const express = require("express")

const { MISTAKES = "", OMISE_SECRET_KEY, OMISE_URL, PORT } = process.env
const PRICE = 100000
const { hostname, port } = new URL(OMISE_URL)
const omise = require("omise")({ secretKey: OMISE_SECRET_KEY, host: hostname, scheme: "http" })
const { request } = http
http.request = (options) => request({ ...options, port }) // the client does not accept a port
const orders = new Map()

const makes = (mistake) => MISTAKES.split(",").includes(mistake)
const answer = ({ status, charge }) => ({ success: status === "paid", status, charge })

/** Apply the state of a charge to its order; a paid order stays paid. */
function apply(order, charge) {
  if (order.status === "paid" || (charge.amount !== PRICE && !makes("browser-amount"))) return
  order.status = { successful: "paid", pending: "pending" }[charge.status] ?? "declined"
  order.charge = charge
}

async function charge(order, token, amount) {
  order.started = true
  const created = await omise.charges.create({
    amount: makes("browser-amount") ? amount : PRICE,
    currency: "thb",
    card: token,
    return_uri: `http://127.0.0.1:${PORT}/back/${order.id}`,
    metadata: { order: order.id },
  })
  apply(order, created)
  if (makes("says-success")) order.status = "paid"
}

const app = express()
app.use(express.json())

app.get("/checkout", (_, response) => {
  const order = { id: randomUUID(), status: "pending" }
  orders.set(order.id, order)
  if (!makes("no-csp")) response.set("Content-Security-Policy", "default-src 'self'")
  response.send(`<input name="order" value="${order.id}">${makes("key-in-page") ? OMISE_SECRET_KEY : ""}`)
})

app.post("/charge", async ({ body }, response) => {
  const order = orders.get(body.order)
  if (order.started && !makes("charges-again")) return response.json(answer(order))
  try {
    await charge(order, body.token, body.amount)
  } catch (error) {
    const rejected = error.object === "error" && error.code !== "internal_error"
    if (rejected || makes("lost-is-declined")) order.status = "declined"
    if (order.status === "declined") response.status(400)
  }
  order.started = order.status !== "declined"
  response.json(answer(order))
})

app.get("/back/:id", async ({ params }, response) => {
  if (makes("trusts-return")) orders.get(params.id).status = "paid"
  response.redirect(`/orders/${params.id}`)
})

app.get("/orders/:id", async ({ params }, response) => {
  const order = orders.get(params.id)
  if (order.charge && order.status === "pending" && !makes("never-asks")) {
    apply(order, await omise.charges.retrieve(order.charge.id))
  }
  response.json(answer(order))
})

app.post("/webhooks", async ({ body: { data } }, response) => {
  if (makes("webhook-fails")) throw new Error(`nothing handles ${data.id}`)
  if (data.object === "charge") {
    const charge = await omise.charges.retrieve(data.id)
    const order = orders.get(charge.metadata.order)
    if (order && makes("trusts-webhook") && data.paid) order.status = "paid"
    else if (order && [undefined, charge.id].includes(order.charge?.id)) apply(order, charge)
  }
  response.sendStatus(204)
})

app.listen(Number(PORT), "127.0.0.1")
