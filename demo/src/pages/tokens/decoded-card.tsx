import { useQuery } from '@tanstack/react-query'
import { getJwks, type JwkSet } from '@telnyx-oauth/api'
import { type JSX, useEffect, useState } from 'react'
import { publicApi } from '../../api.ts'
import { Card } from '../../components/card.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { config } from '../../config.ts'
import { queryKeys } from '../../query-keys.ts'
import { FactList } from './fact-list.tsx'
import { type JwtParts, readJwt, type Verdict, verifyJwt } from './read-jwt.ts'

interface DecodedCardProps {
  readonly token: string
}

/** What is written in a token, where something is, and whether the server's keys vouch for it. */
export function DecodedCard({ token }: DecodedCardProps): JSX.Element {
  const jwt = readJwt(token)
  return (
    <Card
      title="What is written in it"
      about="Only tokens that are JWTs can be read. Apps should not: to them, a token is a key and no letter."
      className="document-card"
    >
      {jwt ? (
        <Jwt token={token} jwt={jwt} />
      ) : (
        <p role="status">
          This token is opaque: it says nothing by itself. Its server knows what it is good for; ask it below.
        </p>
      )}
    </Card>
  )
}

function Jwt({ token, jwt }: { readonly token: string; readonly jwt: JwtParts }): JSX.Element {
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.keys,
    queryFn: ({ signal }) => getJwks(publicApi, { signal }),
  })
  const verdict = useVerdict(token, data)
  return (
    <>
      {error && <FailureNote error={error} onRetry={() => void refetch()} />}
      {verdict && (
        <p role="status" className={verdict.isGood ? 'verdict verdict-good' : 'verdict verdict-bad'}>
          {verdict.sentence}
        </p>
      )}
      <h3>Header</h3>
      <FactList members={jwt.header} />
      <h3>Claims</h3>
      <FactList members={jwt.claims} />
    </>
  )
}

function useVerdict(token: string, keys: JwkSet | undefined): Verdict | undefined {
  const [found, setFound] = useState<{ readonly token: string; readonly verdict: Verdict }>()
  useEffect(() => {
    let isWanted = true
    if (keys) {
      void verifyJwt(token, keys, config.issuer).then((verdict) => isWanted && setFound({ token, verdict }))
    }
    return () => {
      isWanted = false
    }
  }, [token, keys])
  return found?.token === token ? found.verdict : undefined
}
