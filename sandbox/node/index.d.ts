export type Json = Record<string, any>

/** Start a sandbox on a free port; rejects with the sandbox's own message when it does not start. */
export function startSandbox(how?: { command?: string; args?: string[]; options?: string[] }): Promise<Sandbox>

export class Sandbox {
  constructor(url: string, stop?: () => Promise<void>)
  readonly url: string
  stop(): Promise<void>
  newWorld(settings?: Json): Promise<World>
}

export class World {
  constructor(url: string, publicKey: string, secretKey: string)
  readonly url: string
  readonly publicKey: string
  readonly secretKey: string
  control(method: string, path: string, body?: unknown): Promise<Json>
  api(method: string, path: string, body?: unknown): Promise<Json>
  token(card?: Json): Promise<string>
  charges(): Promise<Json[]>
  fails(method: string, path: string, action: string, more?: Json): Promise<Json>
  advance(seconds: number): Promise<Json>
}
