import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../../../packages/core/src/ports/memory.ts'
import { type RegisterOptions, registerClient } from '../../../../packages/core/src/register.ts'

const right: RegisterOptions = { redirectUri: '/callback' }

describe('a wrong option is a TypeError that names it, and its value is not in there', () => {
  test.each([
    ['redirectUri', undefined, 'a path that starts with one slash'],
    ['redirectUri', 'http://evil.example/SENTINEL', 'a path that starts with one slash'],
    ['issuer', 'http://evil.example/SENTINEL', 'an absolute https URL'],
    ['scope', 7, 'a string, or an array of strings without spaces'],
    ['metadata', 'SENTINEL', 'an object'],
    ['storage', 'SENTINEL', "'indexeddb', 'session-storage', 'memory' or a storage port"],
    ['fetch', 'SENTINEL', 'a function'],
    ['clientName', '', 'a non-empty string'],
    ['logoUri', '/SENTINEL.png', 'an absolute https URL'],
    ['logoUri', ['https://SENTINEL.example/a.png'], 'an absolute https URL'],
    ['policyUri', 'javascript:SENTINEL', 'an absolute https URL'],
    ['tosUri', 7, 'an absolute https URL'],
    ['applicationType', 'SENTINEL', "'web' or 'native'"],
    ['timeoutMs', 0, 'a positive number of milliseconds'],
  ])('%s: %o', async (name, value, rule) => {
    const call = registerClient({ ...right, [name]: value } as RegisterOptions)
    const error = await call.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain(`registerClient: "${name}" must be ${rule}`)
    expect(String(error)).not.toContain('SENTINEL')
  })

  test('no options at all', async () => {
    await expect(registerClient(undefined as unknown as RegisterOptions)).rejects.toThrow(
      '"redirectUri" must be',
    )
  })
})

test('where there is no secure context, as on a server, nothing is registered', async () => {
  const sent: unknown[] = []
  const fetch = async (input: RequestInfo | URL) => {
    sent.push(input)
    return new Response()
  }
  const call = registerClient({ ...right, fetch, storage: memoryStorage() })
  await expect(call).rejects.toMatchObject({ code: 'insecure_context' })
  expect(sent).toEqual([])
})
