import { expect } from 'vitest'
import type { demandIn } from '../../../packages/core/src/protocol/demand.ts'
import type { requestResourceMetadata } from '../../../packages/core/src/protocol/resource-metadata.ts'
import type { refreshGrant } from '../../../packages/core/src/protocol/tokens.ts'
import { createModelServer, json, type Script } from '../../support/model-server.ts'
import { replacing } from '../../support/mutation.ts'
import { createScene, refreshTokensSent } from '../../support/scene.ts'
import { appOrigin } from '../../support/simulated-browser.ts'
import { settle } from '../../support/simulated-clock.ts'
import type { Statement } from '../statement.ts'
import { routeByOrigin } from '../support/route-by-origin.ts'

const api = 'https://api.telnyx.com/v2/phone_numbers'
const calls = 'https://calls.telnyx.com/'
const files = 'https://files.telnyx.com/'

const challenged =
  (status: number, challenge: string): Script =>
  () =>
    json({}, status, { 'www-authenticate': challenge })

/** What tokens are for, and what their resources may demand. */
export const resourceStatements: readonly Statement[] = [
  {
    id: 'B11',
    title: 'A token can be had for one resource and for fewer scopes, beside the one of the session',
    source: 'RFC 10017 section 9.1, RFC 8707 section 2.2',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const tab = scene.open(undefined, { issuer: scene.server.issuer, resource: [calls, files] })
      const asked = new URL(await scene.leave(tab)).searchParams.getAll('resource')
      expect(asked).toEqual([calls, files])
      const { auth } = await scene.comeBack(tab)
      const own = await auth.getAccessToken()
      const narrow = await auth.getAccessToken({ resource: files, scope: 'billing.read' })
      const [request] = scene.server.tokenRequests('refresh_token')
      expect(request?.parameters.getAll('resource')).toEqual([files])
      expect(request?.parameters.get('scope')).toBe('billing.read')
      expect(narrow).not.toBe(own)
      expect(await auth.getAccessToken()).toBe(own)
    },
    mutation: replacing<typeof refreshGrant>(
      'refreshGrant',
      (original) =>
        (transport, metadata, refreshToken, { resource }) =>
          original(transport, metadata, refreshToken, { resource }),
    ),
  },
  {
    id: 'N1',
    title:
      'Metadata must be those of the resource, and neither they nor a challenge lead to a server the app does not allow',
    source: 'RFC 9728 sections 3.3 and 7.4',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const stranger = createModelServer()
      const { issuer } = scene.server
      let document = { resource: `${files}other`, authorization_servers: [issuer] }
      const fetch = routeByOrigin({
        'https://files.telnyx.com': async () => json(document),
        'https://evil.example': stranger.fetch,
        [issuer]: scene.server.fetch,
      })
      const tab = scene.open(undefined, { resource: files, fetch })
      await expect(tab.auth.signIn()).rejects.toMatchObject({ code: 'metadata_invalid' })
      document = { resource: files, authorization_servers: ['https://evil.example'] }
      await expect(tab.auth.signIn()).rejects.toMatchObject({ code: 'issuer_not_allowed' })
      expect(tab.page.href()).toBe(`${appOrigin}/`)
      expect(scene.server.requests).toEqual([])
      const { auth } = await scene.signIn({ fetch })
      const challenge = 'Bearer error="invalid_token", resource_metadata="https://evil.example/resource"'
      scene.server.script('/v2/phone_numbers', challenged(401, challenge), challenged(401, challenge))
      await auth.fetch(api)
      await settle()
      expect(stranger.requests).toEqual([])
    },
    mutation: replacing<typeof requestResourceMetadata>(
      'requestResourceMetadata',
      (original) => (transport, resource, now) => {
        const fetch: typeof globalThis.fetch = async (...given) =>
          json({ ...((await (await transport.fetch(...given)).json()) as object), resource })
        return original({ ...transport, fetch }, resource, now)
      },
    ),
  },
  {
    id: 'N4',
    title: 'What a resource demands beyond the token is said by name, and no refresh is tried for it',
    source: 'RFC 6750 section 3.1, RFC 9470 section 3',
    check: async (core) => {
      const scene = createScene(undefined, core)
      const { auth } = await scene.signIn()
      const scope = 'Bearer error="insufficient_scope", scope="billing.read voice.write"'
      const stronger = 'Bearer error="insufficient_user_authentication", acr_values="mfa", max_age="60"'
      const demands = [
        [403, scope, 'insufficient_scope', { scopes: ['voice.write'] }],
        // As Telnyx answers.
        [401, scope, 'insufficient_scope', { scopes: ['voice.write'] }],
        [401, stronger, 'insufficient_user_authentication', { acrValues: ['mfa'], maxAgeSeconds: 60 }],
      ] as const
      for (const [status, challenge, code, missing] of demands) {
        scene.server.script('/v2/phone_numbers', challenged(status, challenge))
        await expect(auth.fetch(api), challenge).rejects.toMatchObject({ code, missing })
      }
      expect(refreshTokensSent(scene)).toEqual([])
      expect(scene.server.requests.filter(({ path }) => path === '/v2/phone_numbers')).toHaveLength(3)
    },
    mutation: replacing<typeof demandIn>('demandIn', (original) => (response, ...given) => {
      const challenge = response.headers.get('www-authenticate') ?? ''
      const isUnknown = response.status === 401 && challenge.includes('insufficient_scope')
      return isUnknown ? undefined : original(response, ...given)
    }),
  },
]
