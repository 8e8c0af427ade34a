import { createEmulator } from '@telnyx-oauth/emulator'
import { decideInBrowser } from '../../support/emulator-sign-in.ts'
import { createNavigator } from '../../support/navigate.ts'
import { APP, type ApiBench, LIMITED, type Profile, REDIRECT_URI, SEED, SERVICE } from './api-scene.ts'

/** An emulator in this process, with what the suite of every operation counts on. */
export async function openApiBench(profile: Profile): Promise<ApiBench> {
  const redirectUris = ['https://backend.example/callback']
  const emulator = createEmulator({
    port: 0,
    profile,
    seed: SEED,
    clients: [
      { clientId: APP.client_id, name: 'Telnyx OAuth console', redirectUris: [REDIRECT_URI] },
      {
        clientId: SERVICE.client_id,
        clientSecret: SERVICE.client_secret,
        name: 'Backend & service',
        redirectUris,
      },
      { clientId: LIMITED.client_id, clientSecret: LIMITED.client_secret, name: 'Limited', redirectUris },
    ],
  })
  await emulator.start()
  return {
    issuer: emulator.issuer,
    allow: (authorizationUrl) => decideInBrowser(authorizationUrl),
    async askedFor(authorizationUrl) {
      const { url } = await createNavigator().follow(authorizationUrl)
      return url.slice(url.lastIndexOf('/') + 1)
    },
    close: () => emulator.stop(),
  }
}
