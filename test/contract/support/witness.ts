import type { PageAnswer } from '../../support/navigate.ts'
import { type Answer, type Contract, loadContract, type Verdict } from './openapi.ts'

/** Sees every answer of an emulator and asks the contract about it. */
export interface Witness {
  /** Starts to look at what `fetch` brings. Nobody else is told, so a client under test needs nothing but a base URL. */
  watch(): void
  unwatch(): void
  /** Tells of an answer that `fetch` had no part in. */
  tell(method: string, page: PageAnswer): void
  /** What the contract does not allow, in sentences. */
  readonly complaints: readonly string[]
  /** Answers seen so far, as `operationId status`. */
  readonly seen: ReadonlySet<string>
  /** Empties `seen`. */
  forget(): void
  /** How many answers were judged. */
  readonly count: number
}

export function createWitness(
  url: () => string,
  { mayUseV2Errors }: { readonly mayUseV2Errors: boolean },
): Witness {
  const contract: Contract = loadContract()
  const complaints: string[] = []
  const seen = new Set<string>()
  let count = 0
  const realFetch = globalThis.fetch

  function judge(answer: Answer): void {
    const verdict: Verdict | undefined = contract.judge(answer, { mayUseV2Errors })
    if (verdict === undefined) return
    count += 1
    const name = `${verdict.operationId} ${verdict.status}`
    seen.add(name)
    for (const problem of verdict.problems) complaints.push(`${name}: ${problem}`)
  }

  async function watchedFetch(...call: Parameters<typeof fetch>): Promise<Response> {
    const request = new Request(...(call as [string, RequestInit?]))
    const { method, url: asked } = request
    const response = await realFetch(...call)
    if (!asked.startsWith(url())) return response
    const text = await response.clone().text()
    const contentType = response.headers.get('content-type') ?? ''
    judge({ method, path: pathOf(asked), status: response.status, contentType, text })
    return response
  }

  return {
    watch() {
      globalThis.fetch = watchedFetch
    },
    unwatch() {
      globalThis.fetch = realFetch
    },
    tell(method, page) {
      const contentType = String(page.headers['content-type'] ?? '')
      judge({ method, path: pathOf(page.url), status: page.status, contentType, text: page.text })
    },
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
