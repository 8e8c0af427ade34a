import type { PageAnswer } from '../../support/navigate.ts'
import { type Answer, loadContract } from './openapi.ts'

/** Compares every response of an emulator with the contract. */
export interface Witness {
  /** Starts to look at what `fetch` brings: a client under test needs nothing but a base URL. */
  watch(): void
  unwatch(): void
  /** Tells of a response that `fetch` had no part in. */
  tell(method: string, page: PageAnswer): void
  /** What the contract does not allow, in sentences. */
  readonly complaints: readonly string[]
  /** Responses seen so far, as `operationId status`. */
  readonly seen: ReadonlySet<string>
  /** Empties `seen`. */
  forget(): void
  /** How many responses were compared. */
  readonly count: number
}

export function createWitness(
  url: () => string,
  { mayUseV2Errors }: { readonly mayUseV2Errors: boolean },
): Witness {
  const contract = loadContract()
  const complaints: string[] = []
  const seen = new Set<string>()
  let count = 0
  const realFetch = globalThis.fetch

  function judge(answer: Answer): void {
    const verdict = contract.judge(answer, mayUseV2Errors)
    if (verdict === undefined) return
    count += 1
    seen.add(verdict.name)
    for (const problem of verdict.problems) complaints.push(`${verdict.name}: ${problem}`)
  }

  async function watchedFetch(...call: Parameters<typeof fetch>): Promise<Response> {
    const { method, url: asked } = new Request(...(call as [string, RequestInit?]))
    const response = await realFetch(...call)
    if (!asked.startsWith(url())) return response
    const text = await response.clone().text()
    const contentType = response.headers.get('content-type') ?? ''
    judge({ method, path: pathOf(asked), status: response.status, contentType, text })
    return response
  }

  return {
    watch: () => void Object.assign(globalThis, { fetch: watchedFetch }),
    unwatch: () => void Object.assign(globalThis, { fetch: realFetch }),
    tell: (method, { url, status, headers, text }) =>
      judge({ method, path: pathOf(url), status, contentType: String(headers['content-type'] ?? ''), text }),
    forget: () => seen.clear(),
    complaints,
    seen,
    get count() {
      return count
    },
  }
}

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/^\/v2(?=\/)/, '')
}
