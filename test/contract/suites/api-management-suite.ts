import {
  createOAuthClient,
  deleteOAuthClient,
  getOAuthClient,
  getOAuthGrant,
  listOAuthClients,
  listOAuthGrants,
  type OAuthClientListQuery,
  refreshAccessToken,
  requestClientCredentialsToken,
  revokeOAuthGrant,
  updateOAuthClient,
} from '@telnyx-oauth/api'
import { describe, expect, it } from 'vitest'
import { APP, type ApiScene, SEED } from '../support/api-scene.ts'

/** Clients, grants, and who may see them. */
export function describeManagement(scene: ApiScene): void {
  const { read, write, isLive } = scene

  describe('clients', () => {
    it('are created, read, changed and deleted', async () => {
      const created = await createOAuthClient(scene.api, {
        name: 'Billing job',
        client_type: 'confidential',
        allowed_scopes: [read],
        allowed_grant_types: ['client_credentials'],
      })
      expect(created).toMatchObject({
        record_type: 'oauth_client',
        client_secret: expect.any(String),
        require_pkce: false,
      })
      // As created, it can ask for a token.
      expect(await requestClientCredentialsToken(scene.api, created, { scope: read })).toMatchObject({
        scope: read,
      })
      expect(await getOAuthClient(scene.api, created.client_id)).toMatchObject({ name: 'Billing job' })
      const changed = await updateOAuthClient(scene.api, created.client_id, { name: 'Billing job 2' })
      expect(changed).toMatchObject({ name: 'Billing job 2', allowed_scopes: [read] })
      expect(await deleteOAuthClient(scene.api, created.client_id)).toBeUndefined()
      await expect(getOAuthClient(scene.api, created.client_id)).rejects.toMatchObject({
        name: 'TelnyxApiError',
        status: 404,
        isRetryable: false,
      })
    })

    it('are listed, every one of them once', async () => {
      const ids: string[] = []
      const list = listOAuthClients(scene.api, { 'page[size]': 20, 'filter[name][contains]': 'seeded' })
      for await (const { client_id } of list) ids.push(client_id)
      expect([ids.length, new Set(ids).size]).toEqual([SEED.clients, SEED.clients])
    })

    it('come in pages, and no page is asked for that nobody reads', async () => {
      await fetch(`${scene.issuer}/__emulator/requests`, { method: 'DELETE' })
      for await (const page of listOAuthClients(scene.api, { 'page[size]': 10 }).pages()) {
        expect(page.data).toHaveLength(10)
        expect(page.meta).toMatchObject({ page_size: 10, total_pages: 5 })
        if (page.meta?.page_number === 2) break
      }
      const requests = await fetch(`${scene.issuer}/__emulator/requests?endpoint=clients`)
      expect(await requests.json()).toHaveLength(2)
    })

    it('can be filtered', async () => {
      const total = async (query: OAuthClientListQuery): Promise<number | undefined> => {
        for await (const { meta } of listOAuthClients(scene.api, query).pages()) return meta?.total_results
        return undefined
      }
      expect(await total({ 'filter[client_id]': APP.client_id })).toBe(1)
      expect(await total({ 'filter[name]': 'Backend & service' })).toBe(1)
      expect(await total({ 'filter[name]': 'backend' })).toBe(0)
      expect(await total({ 'filter[client_type]': 'public', 'filter[name][contains]': 'Seeded' })).toBe(22)
      expect(await total({ 'filter[verified]': true, 'filter[name][contains]': 'Seeded' })).toBe(15)
      expect(await total({ 'filter[allowed_grant_types][contains]': 'client_credentials' })).toBe(25)
    })

    it('tell what is wrong when the server refuses one', async () => {
      const change = { allowed_scopes: ['nonsense'] }
      await expect(updateOAuthClient(scene.api, APP.client_id, change)).rejects.toMatchObject({
        status: 422,
        ...(isLive
          ? { pointer: expect.stringContaining('allowed_scopes') }
          : { code: expect.any(String), detail: expect.any(String) }),
      })
    })
  })

  describe('grants', () => {
    it('are listed and read', async () => {
      const ids: string[] = []
      for await (const { id } of listOAuthGrants(scene.api, { 'page[size]': 10 })) ids.push(id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBeGreaterThanOrEqual(SEED.grants)
      const [id = ''] = ids
      expect(await getOAuthGrant(scene.api, id)).toMatchObject({ id, record_type: 'oauth_grant' })
    })

    it('end when revoked, and their refresh tokens with them', async () => {
      const { refresh_token = '' } = await scene.signIn(write)
      const grants: string[] = []
      for await (const { id, client_id, scopes } of listOAuthGrants(scene.api)) {
        if (client_id === APP.client_id && scopes.includes(write)) grants.push(id)
      }
      expect(grants).not.toEqual([])
      for (const id of grants) expect(await revokeOAuthGrant(scene.api, id)).toMatchObject({ id })
      await expect(getOAuthGrant(scene.api, grants[0] ?? '')).rejects.toMatchObject({ status: 404 })
      await expect(refreshAccessToken(scene.api, APP, { refresh_token })).rejects.toMatchObject({
        code: 'invalid_grant',
      })
    })
  })

  describe('who may call', () => {
    it('a signed-in user, by access token', async () => {
      const { access_token } = await scene.signIn()
      const grants = listOAuthGrants(scene.withToken(access_token))
      expect((await grants[Symbol.asyncIterator]().next()).value).toMatchObject({
        record_type: 'oauth_grant',
      })
    })

    it('nobody with a wrong key', async () => {
      await expect(getOAuthClient(scene.withToken('KEY_NOBODY'), APP.client_id)).rejects.toMatchObject({
        status: 401,
        ...(isLive && { code: '10009' }),
        message: expect.stringContaining('check the key, token or secret'),
      })
    })

    if (isLive)
      it('nobody without the scope, and the error names it', async () => {
        const { access_token } = await scene.signIn('billing.read')
        await expect(deleteOAuthClient(scene.withToken(access_token), APP.client_id)).rejects.toMatchObject({
          message: expect.stringContaining(`needs the scope ${write}`),
        })
      })
  })
}
