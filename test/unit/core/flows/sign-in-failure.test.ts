import { describe, expect, test } from 'vitest'
import { createScene } from '../../../support/scene.ts'

const metadataPath = '/.well-known/oauth-authorization-server'

describe('a sign-in that cannot begin', () => {
  test('rejects and shows its error, because a click handler rarely waits', async () => {
    const { auth } = createScene({ metadata: { code_challenge_methods_supported: ['plain'] } }).open()
    const error: unknown = await auth.signIn().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'pkce_unsupported' })
    expect(auth.getSnapshot()).toEqual({ status: 'signed-out', error })
  })

  test('leaves the session of whoever is signed in as it is', async () => {
    const { server, records, open, signIn } = createScene()
    const { auth } = await signIn({ metadataLifetimeMs: 1 })
    records.delete(`metadata ${server.issuer}`)
    const before = auth.getSnapshot()
    const other = open(undefined, { sessionName: '' })
    await other.auth.ready()
    server.script(metadataPath, () => new Response('', { status: 503 }))
    await expect(other.auth.signIn()).rejects.toMatchObject({ code: 'metadata_unavailable' })
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'signed-in' })
    expect(auth.getSnapshot()).toBe(before)
  })

  test('shows no error for a wrong option: that is a mistake of the app', async () => {
    const { auth } = createScene().open()
    await expect(auth.signIn({ returnTo: '//evil.example' })).rejects.toThrow(TypeError)
    expect(auth.getSnapshot()).toEqual({ status: 'signed-out' })
  })
})
