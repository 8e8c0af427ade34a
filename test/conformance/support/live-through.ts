import { createScene, type Scene, type SceneTab } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'
import type { Subject } from '../statement.ts'

const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'

/** A resource of the scene's server. */
export const api = 'https://api.telnyx.com/v2/phone_numbers'

/** Everything that a session does: sign-in, a refresh, a request to the API, sign-out. */
export async function liveThrough(core: Subject): Promise<{ scene: Scene; tab: SceneTab }> {
  const scene = createScene({ metadata: { revocation_endpoint } }, core)
  const tab = await scene.signIn()
  await tab.auth.refresh()
  await tab.auth.fetch(api, { method: 'POST', body: 'a=b' })
  await tab.auth.signOut({ returnTo: '/bye' })
  await settle()
  return { scene, tab }
}
