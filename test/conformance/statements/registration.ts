import { expect } from 'vitest'
import type { TelnyxAuthOptions } from '../../../packages/core/src/options.ts'
import type { requestRegistration } from '../../../packages/core/src/protocol/registration.ts'
import { sendingWith } from '../../support/lying-ports.ts'
import { json, registerPath } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { createRegisteringBrowser, createRegistrar } from '../../support/registering-browser.ts'
import { createScene } from '../../support/scene.ts'
import { settle } from '../../support/simulated-clock.ts'
import type { Statement } from '../statement.ts'

const revocation_endpoint = 'https://api.telnyx.com/v2/oauth/revoke'

/** What the server answers; it says nothing of what it does not change. */
const answer = { client_id: 'client-of-the-server' }

/** Who the client is, to the server. */
export const registrationStatements: readonly Statement[] = [
  {
    id: 'B4',
    title:
      'There is no client secret: no option for one, none in a request, and a registration asks for none',
    source: 'RFC 10017 section 6.3.3.1',
    check: async (core) => {
      const options = { clientSecret: 's3cret', client_secret: 's3cret' } as Partial<TelnyxAuthOptions>
      const scene = createScene({ metadata: { revocation_endpoint } }, core)
      const { auth } = await scene.signIn(options)
      await auth.refresh()
      await auth.signOut()
      await settle()
      const posts = scene.server.requests.filter(({ method }) => method === 'POST')
      expect(posts).toHaveLength(3)
      for (const { parameters, authorization } of posts) {
        expect(parameters.get('client_id')).toBe('telnyx-demo')
        expect([parameters.has('client_secret'), authorization]).toEqual([false, null])
      }
      const registrar = createRegistrar()
      registrar.script(registerPath, () => json(answer, 201))
      await createRegisteringBrowser(registrar.fetch, core.obtainClient).open().register()
      expect(registrar.registrations()).toMatchObject([{ token_endpoint_auth_method: 'none' }])
    },
    mutation: sendingWith(({ form }) => {
      if (form.has('client_id')) form.set('client_secret', 's3cret')
    }),
  },
  {
    id: 'N6',
    title: 'What a registration is answered with counts, and not what was asked for',
    source: 'RFC 7591 section 3.2.1',
    check: async (core) => {
      const registrar = createRegistrar()
      const given = { ...answer, scope: 'billing.read', grant_types: ['authorization_code'] }
      registrar.script(registerPath, () => json(given, 201))
      const browser = createRegisteringBrowser(registrar.fetch, core.obtainClient)
      const scopes = ['billing.read', 'voice.write']
      // The second tab reads what the first one stored.
      for (const tab of [browser.open(), browser.open()]) {
        expect(await tab.register({ scopes })).toMatchObject({
          clientId: 'client-of-the-server',
          scopes: ['billing.read'],
          grantTypes: ['authorization_code'],
        })
      }
      expect(registrar.registrations()).toMatchObject([{ scope: 'billing.read voice.write' }])
    },
    mutation: replacing<typeof requestRegistration>(
      'requestRegistration',
      (original) =>
        async (transport, metadata, request, ...given) => ({
          ...(await original(transport, metadata, request, ...given)),
          scopes: request.scopes,
        }),
    ),
  },
]
