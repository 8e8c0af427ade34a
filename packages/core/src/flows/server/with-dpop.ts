import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import type { ProofKey } from '../../model/proof-key.ts'
import type { Prover } from '../../protocol/dpop.ts'
import { randomId } from '../../protocol/random.ts'
import type { Metadata, Transport } from '../../protocol/transport.ts'

/** Most servers know no DPoP, so its code is loaded when it is first needed. */
async function loadDpop(): Promise<typeof import('../../protocol/dpop.ts')> {
  try {
    return await import('../../protocol/dpop.ts')
  } catch (cause) {
    throw new TelnyxAuthError('network_error', { cause })
  }
}

/** The prover of `key`, kept because it remembers nonces. @throws {TelnyxAuthError} `network_error`: not loaded */
export async function loadProver({ state, clock }: Context, key: ProofKey): Promise<Prover> {
  if (state.prover?.thumbprint !== key.thumbprint) {
    const { createProver } = await loadDpop()
    state.prover = createProver(key, clock.now, randomId)
  }
  return state.prover
}

/** `transport` with a DPoP proof on every request, where the session has a key. */
export async function withDpop(
  context: Context,
  transport: Transport,
  key: ProofKey | undefined,
): Promise<Transport> {
  if (!key) return transport
  const { send } = await loadProver(context, key)
  const proves = context.options.dpop === 'required' ? 'must' : 'may'
  return { ...transport, proves, fetch: (input, init = {}) => send(transport.fetch, input, init) }
}

/**
 * A key for the tokens of the next session, where the app and the server want one.
 *
 * @throws {TelnyxAuthError} `dpop_unsupported`: it is required, and the server does not announce it
 * @see RFC 9449 section 5.1
 */
export async function newProofKeyFor(
  { options }: Context,
  metadata: Metadata,
): Promise<ProofKey | undefined> {
  const algorithms: unknown = metadata.dpop_signing_alg_values_supported
  const isKnown = Array.isArray(algorithms) && algorithms.includes('ES256')
  if (options.dpop === 'required' && !isKnown) {
    throw new TelnyxAuthError('dpop_unsupported', { subject: 'ES256' })
  }
  if (options.dpop === 'never' || !isKnown) return undefined
  const { newProofKey } = await loadDpop()
  return newProofKey()
}
