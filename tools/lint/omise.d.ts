/** The globals of Omise.js, as far as the shop uses or the sandbox imitates them (docs.omise.co/omise-js). */

interface OmiseTokenResponse {
  id?: string
  code?: string
  message?: string
}

type OmiseCallback = (statusCode: number, response: OmiseTokenResponse | undefined) => void

interface OmiseJs {
  readonly publicKey: string | null | undefined
  setPublicKey(publicKey: string | null): void
  createToken(
    type: string,
    card: Record<string, string | number | undefined>,
    callback?: OmiseCallback,
  ): void
  createSource(type: string, options: object, callback?: OmiseCallback): void
}

interface OmiseCardForm {
  configure(options: object): void
  configureButton(selector: string, options?: object): void
  attach(): void
  open(options: object, opened?: () => void): boolean
  close(closed?: () => void): void
  requestCardToken?(options: object): void
  destroy(): void
}

/** Trusted Types, which not every browser has (w3.org/TR/trusted-types). */
interface TrustedTypePolicy {
  createScriptURL(url: string): string
  createHTML(html: string): string
}

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: Partial<TrustedTypePolicy>): TrustedTypePolicy
}

interface Window {
  trustedTypes?: TrustedTypePolicyFactory
  Omise?: OmiseJs
  OmiseCard?: OmiseCardForm
}
