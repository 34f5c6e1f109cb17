/** The globals of Omise.js, as far as the shop uses them (docs.omise.co/omise-js). */

interface OmiseTokenResponse {
  id?: string
  code?: string
  message?: string
}

interface OmiseJs {
  setPublicKey(publicKey: string | null): void
  createToken(
    type: "card",
    card: Record<string, string | number | undefined>,
    callback: (statusCode: number, response: OmiseTokenResponse | undefined) => void,
  ): void
}

interface OmiseCardForm {
  configure(options: object): void
  open(options: object, opened?: () => void): void
  requestCardToken(options: object): void
  destroy(): void
}

/** Trusted Types, which not every browser has (w3.org/TR/trusted-types). */
interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

interface Window {
  trustedTypes?: TrustedTypePolicyFactory
  Omise?: OmiseJs
  OmiseCard?: OmiseCardForm
}
