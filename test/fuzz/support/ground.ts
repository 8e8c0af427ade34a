import { createScene, sessionKey } from '../../support/scene.ts'
import type { Given } from './fuzz-tab.ts'

export { transactionsKey } from '../../support/scene.ts'

/** What a browser has stored in which a sign-in is under way; each case begins with a copy. */
export interface Ground {
  /** The `state` of the sign-in. */
  readonly state: string
  /** Nobody is signed in. */
  readonly signedOut: ReadonlyMap<string, unknown>
  /** Somebody is. */
  readonly signedIn: ReadonlyMap<string, unknown>
}

export async function createGround(): Promise<Ground> {
  const scene = createScene()
  await scene.signIn()
  const url = await scene.leave(scene.open())
  const signedIn = new Map(structuredClone(scene.records))
  const signedOut = new Map(signedIn)
  signedOut.delete(sessionKey)
  return { state: new URL(url).searchParams.get('state') ?? '', signedOut, signedIn }
}

/** A server that answers every request with what `answer` makes, and tells what was asked. */
export function answering(answer: () => Response): {
  readonly fetch: Given['fetch']
  readonly asked: string[]
} {
  const asked: string[] = []
  return {
    asked,
    fetch: async (_input, init) => {
      asked.push(String(init?.body ?? ''))
      return answer()
    },
  }
}

const json = { 'content-type': 'application/json' }
export const invalidGrant = (): Response =>
  new Response('{"error":"invalid_grant"}', { status: 400, headers: json })
export const tokens = (): Response =>
  new Response('{"access_token":"new","token_type":"Bearer","expires_in":1800,"refresh_token":"next"}', {
    headers: json,
  })
