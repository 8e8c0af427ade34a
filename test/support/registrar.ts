import { json } from './model-server.ts'

/** Decides how one registration is answered; `process` does what the server would have done. */
export type RegistrarScript = (process: () => Response) => Response | Promise<Response>

/** A server that registers public clients, in a few lines. Shares no code with what it tests. */
export interface Registrar {
  readonly fetch: typeof globalThis.fetch
  /** The bodies of the registration requests, in order. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[]
  /** `METHOD path` of all requests, in order. */
  readonly requests: readonly string[]
  /** Scripts the next registrations, after those that were scripted before. */
  readonly script: (...scripts: RegistrarScript[]) => void
  /** Signals of the registration requests. */
  readonly signals: readonly (AbortSignal | null | undefined)[]
}

/** @param metadata members that replace those of the metadata */
export function createRegistrar(
  issuer: string = 'https://api.telnyx.com',
  metadata: Readonly<Record<string, unknown>> = {},
): Registrar {
  const bodies: Record<string, unknown>[] = []
  const requests: string[] = []
  const scripts: RegistrarScript[] = []
  const signals: (AbortSignal | null | undefined)[] = []
  const register = (body: Readonly<Record<string, unknown>>) =>
    json({ client_id: `client-${bodies.length}`, client_id_issued_at: 1, ...body }, 201)
  return {
    bodies,
    requests,
    signals,
    script: (...more) => void scripts.push(...more),
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input))
      requests.push(`${init?.method ?? 'GET'} ${pathname}`)
      if (pathname.startsWith('/.well-known')) {
        return json({
          issuer,
          authorization_endpoint: `${issuer}/v2/oauth/authorize`,
          token_endpoint: `${issuer}/v2/oauth/token`,
          registration_endpoint: `${issuer}/v2/oauth/register`,
          code_challenge_methods_supported: ['S256'],
          ...metadata,
        })
      }
      const body = JSON.parse(String(init?.body))
      bodies.push(body)
      signals.push(init?.signal)
      const process = () => register(body)
      return (scripts.shift() ?? ((answer) => answer()))(process)
    },
  }
}
