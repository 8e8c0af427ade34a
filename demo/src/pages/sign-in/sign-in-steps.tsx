import type { JSX } from 'react'

const STEPS = [
  ['You decide at Telnyx', 'The server asks you there, and sends you back with a code that works once.'],
  [
    'This tab fetches a token',
    'It swaps the code, with a proof that only this tab has, for a token of half an hour.',
  ],
  [
    'Every tab shares it',
    'One tab renews the token for all of them. Sign out in one, and all are signed out.',
  ],
] as const

/** What happens after the button was pressed. */
export function SignInSteps(): JSX.Element {
  return (
    <section className="steps" aria-labelledby="steps-title">
      <h2 id="steps-title">What happens next</h2>
      <ol>
        {STEPS.map(([title, sentence]) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{sentence}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}
