import type { Context } from './http.ts'

/** Member of the general Telnyx v2 error envelope. */
interface V2ErrorDetails {
  readonly detail?: string
  readonly pointer?: string
  readonly parameter?: string
}

const TITLES: Readonly<Record<string, string>> = {
  '10004': 'Missing required parameter',
  '10005': 'Resource not found',
  '10006': 'Invalid resource ID',
  '10007': 'Unexpected error',
  '10009': 'Authentication failed',
  '10010': 'Authorization failed',
  '10011': 'Too many requests',
  '10015': 'Bad request',
  '10027': 'Unprocessable request',
}

/** Answers with the v2 envelope: `{errors: [{code, title, detail, meta, source}]}`. */
export function answerV2Error(
  ctx: Context,
  status: number,
  code: string,
  details: V2ErrorDetails = {},
): void {
  const { detail, pointer, parameter } = details
  const source = {
    ...(pointer === undefined ? {} : { pointer }),
    ...(parameter === undefined ? {} : { parameter }),
  }
  ctx.status = status
  ctx.body = {
    errors: [
      {
        code,
        title: TITLES[code] ?? 'Error',
        ...(detail === undefined ? {} : { detail }),
        meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
        ...(Object.keys(source).length > 0 ? { source } : {}),
      },
    ],
  }
}

/** Answers with the OAuth error body: `{error, error_description}`. */
export function answerOAuthError(ctx: Context, status: number, error: string, description: string): void {
  ctx.status = status
  ctx.body = { error, error_description: description }
}
