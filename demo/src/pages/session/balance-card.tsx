import { isTelnyxAuthError, type TelnyxAuthError } from '@telnyx-oauth/core'
import { useTelnyxAuth, useTelnyxFetch, useTelnyxToken } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { BALANCE_SCOPE, explainLack } from '../../balance/explain-refusal.ts'
import { type BalanceAnswer, balanceUrl, readBalance } from '../../balance/read-balance.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { ProblemNote } from '../../components/problem-note.tsx'
import { useAction } from '../../components/use-action.ts'
import { explainProblem } from '../../words/problem.ts'
import { firstCharacters } from '../../words/secret.ts'

const url = new URL(balanceUrl)

/** A call to the Telnyx API that carries the token. */
export function BalanceCard(): JSX.Element {
  const fetch = useTelnyxFetch()
  const { token } = useTelnyxToken()
  const call = useAction(() => readBalance(fetch))
  return (
    <Card title="Call the Telnyx API" about="The token is added to requests for this API, and to no others.">
      <p className="request">
        <span>GET {url.pathname}</span>
        <span>Host: {url.host}</span>
        {token && <span>Authorization: Bearer {firstCharacters(token)}</span>}
      </p>
      <div className="actions">
        <Button kind="secondary" isBusy={call.isRunning} onClick={call.run}>
          Call GET /v2/balance
        </Button>
      </div>
      <div aria-live="polite" aria-busy={call.isRunning}>
        {call.result && <Answer answer={call.result} />}
        {call.failure && <Failure error={call.failure.error} />}
      </div>
    </Card>
  )
}

function Failure({ error }: { readonly error: unknown }): JSX.Element {
  if (!isTelnyxAuthError(error) || error.code !== 'insufficient_scope')
    return <ProblemNote problem={explainProblem(error)} />
  return (
    <ProblemNote problem={explainLack()}>
      <AskForScope lack={error} />
    </ProblemNote>
  )
}

function Answer({ answer }: { readonly answer: BalanceAnswer }): JSX.Element {
  if ('problem' in answer) {
    return <ProblemNote problem={answer.problem} />
  }
  const { balance, status, durationMs } = answer
  return (
    <dl className="facts answer">
      <div>
        <dt>Balance</dt>
        <dd className="amount">
          {balance.balance} <span className="currency">{balance.currency}</span>
        </dd>
      </div>
      <div>
        <dt>Available credit</dt>
        <dd className="amount">
          {balance.availableCredit} <span className="currency">{balance.currency}</span>
        </dd>
      </div>
      <div>
        <dt>Answer</dt>
        <dd>
          {status}, after {durationMs} ms
        </dd>
      </div>
    </dl>
  )
}

/** Signs in again for one scope more. */
function AskForScope({ lack }: { readonly lack: TelnyxAuthError }): JSX.Element {
  const { signIn } = useTelnyxAuth()
  const leave = useAction(() => signIn({ stepUp: lack, returnTo: '/' }))
  return (
    <Button kind="secondary" isBusy={leave.isRunning} onClick={leave.run}>
      Sign in with {BALANCE_SCOPE} too
    </Button>
  )
}
