import type { JSX } from 'react'
import { Button } from '../../components/button.tsx'
import { Choice, Choices } from '../../components/choices.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { useServerMetadata } from '../../use-server-metadata.ts'
import { describeScopes } from '../../words/scopes.ts'
import { toggled } from './toggled.ts'

interface ScopeChoicesProps {
  readonly chosen: readonly string[]
  readonly problem: string | undefined
  readonly onChange: (scopes: readonly string[]) => void
}

/** The scopes that the server offers, by area of the API; those that were chosen before stay to be seen. */
export function ScopeChoices({ chosen, problem, onChange }: ScopeChoicesProps): JSX.Element {
  const { data, error, refetch } = useServerMetadata()
  const offered = [...new Set([...(data?.scopes_supported ?? []), ...chosen])]
  return (
    <Choices
      legend="Scopes"
      hint={`The most it may ask people for. ${chosen.length} of ${offered.length} chosen.`}
      problem={problem}
    >
      {error && <FailureNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton label="Loading the scopes on offer" lines={6} />}
      {data && (
        <div className="actions">
          <Button kind="quiet" onClick={() => onChange(offered.filter((scope) => scope.endsWith('.read')))}>
            Only to read
          </Button>
          <Button kind="quiet" onClick={() => onChange(offered)}>
            All
          </Button>
          <Button kind="quiet" onClick={() => onChange([])}>
            None
          </Button>
        </div>
      )}
      <ul className="scope-choices">
        {describeScopes(offered).map(({ area, sentences, scopes }) => (
          <li key={area}>
            <strong>{area}</strong>
            {scopes.map((scope, index) => (
              <Choice
                key={scope}
                type="checkbox"
                label={<code>{scope}</code>}
                explanation={sentences[index]}
                isChosen={chosen.includes(scope)}
                isInvalid={problem !== undefined}
                onChange={(isChosen) => onChange(toggled(chosen, scope, isChosen))}
              />
            ))}
          </li>
        ))}
      </ul>
    </Choices>
  )
}
