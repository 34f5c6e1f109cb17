/** The payment methods other than cards: their names, the types behind a group, what each asks for. */

/** @type {Record<string, string>} */
const BANKS = {
  bay: "Krungsri",
  bbl: "Bangkok Bank",
  first_choice: "First Choice",
  kbank: "Kasikornbank",
  ktb: "Krungthai",
  ktc: "KTC",
  mbb: "Maybank",
  ocbc: "OCBC",
  scb: "SCB",
  ttb: "TTB",
  uob: "UOB",
}

/** @type {Record<string, string[]>} */
const GROUPS = {
  internet_banking: ["internet_banking_bay", "internet_banking_bbl"],
  mobile_banking: ["bay", "bbl", "kbank", "ktb", "scb"].map((bank) => `mobile_banking_${bank}`),
  installment: ["bay", "bbl", "first_choice", "kbank", "ktc", "scb", "ttb", "uob"].map(
    (bank) => `installment_${bank}`,
  ),
  convenience_store: ["econtext"],
  pay_easy: ["econtext"],
  net_banking: ["econtext"],
}

/** @type {Record<string, string>} */
const NAMES = {
  promptpay: "PromptPay",
  paynow: "PayNow",
  truemoney: "TrueMoney",
  rabbit_linepay: "Rabbit LINE Pay",
  shopeepay: "ShopeePay",
  wechat_pay: "WeChat Pay",
  grabpay: "GrabPay",
  paypay: "PayPay",
  kakaopay: "KakaoPay",
  gcash: "GCash",
  dana: "DANA",
  fpx: "FPX",
  touch_n_go: "Touch 'n Go",
  alipay_cn: "Alipay CN",
  alipay_hk: "Alipay HK",
}

/** @type {Record<string, number[]>} */
const TERMS = {
  installment_bay: [3, 4, 6, 9, 10],
  installment_bbl: [4, 6, 8, 9, 10],
  installment_first_choice: [3, 4, 6, 9, 10, 12, 18, 24, 36],
  installment_kbank: [3, 4, 6, 10],
  installment_ktc: [3, 4, 5, 6, 7, 8, 9, 10],
  installment_scb: [3, 4, 6, 9, 10],
  installment_ttb: [3, 4, 6, 10],
  installment_uob: [3, 4, 6, 10],
}

const PHONE = { key: "phone_number", label: "Phone number", type: "tel" }
const EMAIL = { key: "email", label: "Email", type: "email" }
const NAME = { key: "name", label: "Name", type: "text" }
const BANK = { key: "bank", label: "Bank code", type: "text" }
const BARCODE = { key: "barcode", label: "Barcode", type: "text" }

/** @type {Record<string, { key: string, label: string, type: string }[]>} */
const FIELDS = {
  truemoney: [PHONE],
  econtext: [NAME, EMAIL, PHONE],
  fpx: [EMAIL, BANK],
  duitnow_obw: [BANK],
  barcode_alipay: [BARCODE],
  barcode_wechat: [BARCODE],
}

/**
 * The name without the arguments that a shop may write behind it: `installment_bay(3,6)`.
 * @param {string} method
 */
export function bareName(method) {
  return String(method).replace(/\(.*\)$/, "").trim()
}

/** @param {string} method */
export function typesOf(method) {
  return GROUPS[method] ?? [method]
}

/** @param {string} method */
export function nameOf(method) {
  const plain = method.replaceAll("_", " ")
  return NAMES[method] ?? plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** @param {string} type */
export function bankOf(type) {
  const bank = type.replace(/^(internet_banking|mobile_banking|installment)_/, "")
  return BANKS[bank] ?? nameOf(type)
}

/** @param {string} type */
export function fieldsOf(type) {
  return FIELDS[type] ?? []
}

/** @param {string} type */
export function termsOf(type) {
  if (!type.startsWith("installment_")) return []
  return TERMS[type] ?? [3, 4, 6, 10]
}
