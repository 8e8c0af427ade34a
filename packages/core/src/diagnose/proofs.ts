import type { Finding } from '../finding.ts'
import type { Prover } from '../protocol/dpop.ts'
import { randomId } from '../protocol/random.ts'
import type { Metadata, Transport } from '../protocol/transport.ts'
import { type Examination, ok, problem, unknown, warning } from './examination.ts'

/** A prover with a key that was made for this diagnosis alone, where sessions have one. @see RFC 9449 section 5.1 */
export async function proverFor(
  { context }: Examination,
  metadata: Metadata | undefined,
): Promise<Prover | undefined> {
  const { options, page, clock } = context
  const isKnown = !!metadata?.dpop_signing_alg_values_supported?.includes('ES256')
  if (options.dpop === 'never' || !isKnown || !page.isSecure()) return undefined
  const { createProver, newProofKey } = await import('../protocol/dpop.ts')
  return createProver(await newProofKey(), clock.now, randomId)
}

/** Requests to the token endpoint, with proofs. */
export const proving = (prover: Prover, transport: Transport): Transport => ({
  ...transport,
  proves: 'may',
  fetch: (input, init = {}) => prover.send(transport.fetch, input, init),
})

/** Whether tokens are bound to a key of this browser. */
export function examineDpop({ context }: Examination, metadata: Metadata | undefined): readonly Finding[] {
  const { options, storage } = context
  if (options.dpop === 'never') return []
  const isRequired = options.dpop === 'required'
  const judge = isRequired ? problem : warning
  const remedy = "Use a server and a storage that can, or dpop: 'auto'."
  if (!metadata) return [unknown('dpop', 'This cannot be determined without the server metadata.')]
  if (!metadata.dpop_signing_alg_values_supported?.includes('ES256')) {
    const sentence = 'The server announces no DPoP with ES256: tokens are not bound to a key of this browser.'
    return [isRequired ? problem('dpop', sentence, remedy) : ok('dpop', sentence)]
  }
  if (storage.kind === 'session-storage') {
    const sentence =
      'The server binds tokens to a key, but sessionStorage cannot keep one: they are not bound.'
    return [judge('dpop', sentence, isRequired ? remedy : 'Use IndexedDB.')]
  }
  return [ok('dpop', 'The server binds tokens to a key of this browser (DPoP).')]
}
