import { generateRandomState } from 'oauth4webapi'

/** 32 random bytes, base64url: for states, session ids and attempt ids. */
export const randomId = (): string => generateRandomState()
