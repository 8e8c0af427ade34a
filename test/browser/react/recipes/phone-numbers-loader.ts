import type { TelnyxAuth } from '@telnyx-oauth/core'
import { type LoaderFunction, redirect } from 'react-router'

export function phoneNumbersLoader(auth: TelnyxAuth): LoaderFunction {
  return async ({ request }) => {
    const { status } = await auth.ready()
    if (status !== 'signed-in') return redirect('/welcome')
    const response = await auth.fetch('https://api.telnyx.com/v2/phone_numbers', { signal: request.signal })
    return response.json()
  }
}
