// Never run: compiling it is the test, and `npm run check` compiles it.
import type { TelnyxAuthErrorCode } from '@telnyx-oauth/core'
import { type ErrorTexts, englishMessages, userMessage } from '@telnyx-oauth/core/messages'

export function aLanguageHasATextForEveryCode(): ErrorTexts {
  const everyCode: Record<TelnyxAuthErrorCode | 'unexpected', unknown> = englishMessages
  const { popup_closed, ...rest } = englishMessages
  void [everyCode, popup_closed]
  // @ts-expect-error popup_closed is missing
  return rest
}

export function aReplacementNamesCodesThatExist(error: unknown): string[] {
  return [
    userMessage(error, { signed_out: ({ code }) => code }),
    // @ts-expect-error no error has this code
    userMessage(error, { signed_off: '' }),
  ]
}
