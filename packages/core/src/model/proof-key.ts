/** The key that a session's tokens are bound to (RFC 9449): its own, as long as the session lives. */
export interface ProofKey {
  readonly pair: CryptoKeyPair
  /** SHA-256 thumbprint of the public half, base64url (RFC 7638). */
  readonly thumbprint: string
}

/** Whether what a storage gave back is a key that signs: storages that keep text make it an empty object. */
export function isProofKey(value: unknown): value is ProofKey {
  const { pair, thumbprint } = (value ?? {}) as Partial<ProofKey>
  return pair?.privateKey?.type === 'private' && typeof thumbprint === 'string'
}
