import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { ServingContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import { admit, refuse } from '../management/refuse.ts'
import type { ManagementRoutes } from '../management/route.ts'
import type { EmulatorAccount } from '../options/accounts.ts'
import { respondWithList } from './list.ts'

interface TelephonyCredential {
  readonly id: string
  readonly record_type: 'credential'
  readonly name: string
  readonly resource_id: string
  readonly sip_username: string
  readonly sip_password: string
  readonly user_id: string
  readonly expired: boolean
  readonly expires_at: string
  readonly created_at: string
  readonly updated_at: string
}

const NAMES = ['Softphone', 'Front desk'] as const
const LOGIN_TOKEN_LIFETIME_SECONDS = 24 * 3600

/** `GET /v2/telephony_credentials`, and the login tokens that `@telnyx/webrtc` takes. */
export function telephonyCredentialRoutes(context: ServingContext): ManagementRoutes {
  const { readCredentials, createLoginToken } = context.options.rules.resourceScopes
  return [
    [
      'GET',
      '/v2/telephony_credentials',
      (ctx) => respondWithList(context, ctx, readCredentials, credentialsOf),
    ],
    [
      'POST',
      '/v2/telephony_credentials/:id/token',
      (ctx, id) => respondWithLoginToken(context, ctx, id, createLoginToken),
    ],
  ]
}

async function respondWithLoginToken(
  context: ServingContext,
  ctx: Context,
  id: string,
  scope: string,
): Promise<void> {
  const caller = await admit(context, ctx, [], scope)
  if (caller === undefined) return
  if (!credentialsOf(caller.account).some((credential) => credential.id === id)) {
    refuse(context, ctx, [], {
      status: 404,
      code: '10005',
      error: 'not_found',
      description: 'there is no such telephony credential',
    })
    return
  }
  ctx.status = 201
  ctx.type = 'text/plain; charset=utf-8'
  ctx.set('Cache-Control', 'no-store')
  ctx.body = await loginToken(id, context.store.rules.now())
}

/**
 * A JWT of the form that Telnyx issues, by an algorithm that no key of the key set can verify: a login token must not
 * pass for an access token.
 */
function loginToken(credentialId: string, nowMs: number): Promise<string> {
  const nowSeconds = Math.floor(nowMs / 1000)
  return new SignJWT({ typ: 'access', tel_token: randomBytes(32).toString('base64url') })
    .setProtectedHeader({ alg: 'HS512', typ: 'JWT' })
    .setIssuer('telnyx_telephony')
    .setAudience('telnyx_telephony')
    .setSubject(credentialId)
    .setJti(randomUUID())
    .setNotBefore(nowSeconds - 1)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + LOGIN_TOKEN_LIFETIME_SECONDS)
    .sign(randomBytes(64))
}

/** The same credentials at every start: an app may keep their ids. */
function credentialsOf({ id: accountId }: EmulatorAccount): readonly TelephonyCredential[] {
  return NAMES.map((name) => {
    const seed = createHash('sha256').update(`${accountId} ${name}`).digest('hex')
    return {
      id: `${seed.slice(0, 8)}-${seed.slice(8, 12)}-4${seed.slice(13, 16)}-8${seed.slice(17, 20)}-${seed.slice(20, 32)}`,
      record_type: 'credential',
      name,
      resource_id: 'connection:1293384261075731499',
      sip_username: `gencred${seed.slice(32, 48)}`,
      sip_password: seed.slice(0, 32).split('').reverse().join(''),
      user_id: accountId,
      expired: false,
      expires_at: '2099-12-31T00:00:00',
      created_at: '2026-01-31T00:00:00',
      updated_at: '2026-01-31T00:00:00',
    }
  })
}
