/**
 * What is written on a card, as pure functions: its brand, its groups of digits, its dates, its problems.
 *
 * @typedef {{ month: number, year: number }} Expiry
 * @typedef {{ name: string, number: string, expiry: string, security_code: string }} TypedCard
 * @typedef {{ label: string, prefix: RegExp, lengths: number[], gaps: number[], code: number }} Brand
 */

const IN_FOURS = [4, 8, 12, 16]

/** @type {Brand[]} */
const BRANDS = [
  { label: "American Express", prefix: /^3[47]/, lengths: [15], gaps: [4, 10], code: 4 },
  { label: "Diners Club", prefix: /^3(?:0[0-5]|[689])/, lengths: [14, 16, 19], gaps: [4, 10], code: 3 },
  { label: "JCB", prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19], gaps: IN_FOURS, code: 3 },
  { label: "Visa", prefix: /^4/, lengths: [13, 16, 19], gaps: IN_FOURS, code: 3 },
  { label: "Mastercard", prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16], gaps: IN_FOURS, code: 3 },
  { label: "UnionPay", prefix: /^62/, lengths: [16, 17, 18, 19], gaps: IN_FOURS, code: 3 },
  { label: "Discover", prefix: /^6(?:011|4[4-9]|5)/, lengths: [16, 17, 18, 19], gaps: IN_FOURS, code: 3 },
]

/** @type {Brand} */
const UNKNOWN_BRAND = { label: "", prefix: /^/, lengths: [12, 13, 14, 15, 16, 17, 18, 19], gaps: IN_FOURS, code: 3 }

/**
 * The same text with full-width and Thai digits as ASCII ones, and without invisible characters,
 * which come along when a number is copied.
 * @param {string} text
 */
export function plainDigits(text) {
  const visible = text.normalize("NFKC").replace(/\p{Cf}/gu, "")
  return visible.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50))
}

/**
 * Only the digits of a text.
 * @param {string} text
 */
export function digitsOf(text) {
  return plainDigits(text).replace(/\D/g, "")
}

/**
 * The brand whose numbers begin like this one; one without a label if none does.
 * @param {string} number
 */
export function brandOf(number) {
  const digits = digitsOf(number)
  return BRANDS.find((brand) => brand.prefix.test(digits)) ?? UNKNOWN_BRAND
}

/**
 * A number in the groups its card shows, and where the caret goes so that it stays behind the same digit.
 * Text with anything but digits, spaces and dashes is left as it is.
 * @param {string} text
 * @param {number} caret
 */
export function groupNumber(text, caret) {
  const plain = plainDigits(text)
  if (/[^\d\s-]/.test(plain)) return { text, caret }
  const digits = digitsOf(plain)
  const { gaps } = brandOf(digits)
  const digitsBefore = digitsOf(text.slice(0, caret)).length
  const spacesBefore = gaps.filter((gap) => gap < digitsBefore).length
  const grouped = [...digits].map((digit, index) => (gaps.includes(index) ? ` ${digit}` : digit)).join("")
  return { text: grouped, caret: digitsBefore + spacesBefore }
}

/**
 * Whether the last digit is the check digit of the others.
 * @param {string} digits
 */
export function passesLuhn(digits) {
  let sum = 0
  for (let place = 1; place <= digits.length; place += 1) {
    const digit = Number(digits.at(-place))
    const doubled = digit * 2
    if (place % 2) sum += digit
    else sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** How people spell a month and a year, each with the order of its two parts. */
const SPELLINGS = [
  { shape: /^(20\d\d)[\s./-]*(\d\d?)$/, month: 2, year: 1 },
  { shape: /^(\d\d?)[\s./-]+(\d\d|20\d\d)$/, month: 1, year: 2 },
  { shape: /^(\d\d)(\d\d|20\d\d)$/, month: 1, year: 2 },
]

/**
 * The month and year of an expiry date as people and browsers spell it, or null.
 * @param {string} text
 * @returns {Expiry | null}
 */
export function parseExpiry(text) {
  const plain = plainDigits(text).trim()
  for (const { shape, month, year } of SPELLINGS) {
    const parts = shape.exec(plain)
    if (!parts) continue
    const expiry = { month: Number(parts[month]), year: 2000 + (Number(parts[year]) % 100) }
    if (expiry.month >= 1 && expiry.month <= 12) return expiry
  }
  return null
}

/**
 * An expiry date as cards print it.
 * @param {Expiry} expiry
 */
export function formatExpiry({ month, year }) {
  return `${String(month).padStart(2, "0")} / ${String(year % 100).padStart(2, "0")}`
}

/**
 * Whether the card's last month is over.
 * @param {Expiry} expiry
 * @param {Date} today
 */
export function isPast({ month, year }, today) {
  return year * 12 + month < today.getFullYear() * 12 + today.getMonth() + 1
}

/**
 * What is wrong with each field, as the names of sentences; a field without a problem has none.
 * @param {TypedCard} card
 * @param {Date} today
 * @returns {Partial<Record<keyof TypedCard, string>>}
 */
export function problemsOf(card, today) {
  const brand = brandOf(card.number)
  const found = {
    number: numberProblem(card.number, brand),
    expiry: expiryProblem(card.expiry, today),
    security_code: securityCodeProblem(card.security_code, brand),
    name: card.name.trim() ? "" : "name_blank",
  }
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem))
}

/** @param {string} text @param {Brand} brand */
function numberProblem(text, brand) {
  if (!text.trim()) return "number_blank"
  const digits = digitsOf(text)
  if (/[^\d\s-]/.test(plainDigits(text))) return "number_wrong"
  return brand.lengths.includes(digits.length) && passesLuhn(digits) ? "" : "number_wrong"
}

/** @param {string} text @param {Date} today */
function expiryProblem(text, today) {
  if (!text.trim()) return "expiry_blank"
  const expiry = parseExpiry(text)
  if (!expiry) return "expiry_wrong"
  return isPast(expiry, today) ? "expiry_past" : ""
}

/** @param {string} text @param {Brand} brand */
function securityCodeProblem(text, brand) {
  const code = plainDigits(text).trim()
  if (!code) return "security_code_blank"
  return /^\d+$/.test(code) && code.length === brand.code ? "" : `security_code_wrong_${brand.code}`
}
