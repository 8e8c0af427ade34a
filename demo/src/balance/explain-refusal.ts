import type { Problem } from '../words/problem.ts'

const REFUSALS: Readonly<Record<number, readonly [message: string, hint: string]>> = {
  401: ['The token was not accepted, not even after one refresh.', 'Sign out, then sign in again.'],
  403: ['This account may not see its balance.', 'Ask its owner for access to billing.'],
  404: ['This server has no GET /v2/balance.', 'Check VITE_TELNYX_API.'],
  429: ['There were too many requests.', 'Wait a minute, then try again.'],
}

/** The scope that `GET /v2/balance` needs. */
export const BALANCE_SCOPE = 'billing.read'

/** Puts into words that the token may do too little. */
export function explainLack(): Problem {
  return {
    title: 'The balance was refused',
    message: `The token lacks the scope ${BALANCE_SCOPE}.`,
    hint: 'Sign in once more and allow it.',
  }
}

/** Puts an answer that is not a balance into words. @param body parsed JSON, or `undefined` */
export function explainRefusal(response: Response, body: unknown): Problem {
  const words = serverWords(body)
  const [message, hint] = explain(response)
  return {
    title: `Telnyx answered ${response.status}`,
    message,
    hint,
    ...(words && { serverWords: words }),
  }
}

function explain(response: Response): readonly [message: string, hint: string] {
  const { status } = response
  if (response.ok) return ['The answer is not a balance.', 'Check VITE_TELNYX_API.']
  if (status >= 500) return ['Telnyx cannot answer now.', 'Try again in a minute.']
  return REFUSALS[status] ?? ['Telnyx refused the request.', 'See what the server said.']
}

// Telnyx answers `{ errors: [{ title, detail }] }`, its OAuth endpoints `{ error, error_description }`.
function serverWords(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const errors: unknown = Reflect.get(body, 'errors')
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const source = typeof first === 'object' && first !== null ? first : body
  return ['title', 'detail', 'error', 'error_description']
    .map((name): unknown => Reflect.get(source, name))
    .filter((value) => typeof value === 'string')
    .join(': ')
}
