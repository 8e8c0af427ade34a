import type { JSX } from 'react'
import { formatDuration } from '../words/time.ts'
import { useNow } from './use-now.ts'

interface CountdownRingProps {
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** The whole life of the token: what a full ring stands for. */
  readonly lifetimeMs: number
  readonly isRefreshing: boolean
}

/** How much of the token's life is left, as a ring and as a time. */
export function CountdownRing({ expiresAtMs, lifetimeMs, isRefreshing }: CountdownRingProps): JSX.Element {
  // The time of the last tick may be older than the token.
  const leftMs = Math.min(lifetimeMs, Math.max(0, expiresAtMs - useNow()))
  const fraction = leftMs / lifetimeMs
  return (
    <div className={`countdown${isRefreshing ? ' countdown-refreshing' : ''}`}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle className="countdown-track" cx="60" cy="60" r="53" />
        <circle
          className="countdown-left"
          cx="60"
          cy="60"
          r="53"
          pathLength="1"
          strokeDasharray="1"
          strokeDashoffset={1 - fraction}
        />
      </svg>
      <div className="countdown-words">
        <span className="countdown-time" role="timer" aria-label="Token expires in">
          {formatDuration(leftMs)}
        </span>
        <span className="countdown-caption">{caption(leftMs, isRefreshing)}</span>
      </div>
    </div>
  )
}

function caption(leftMs: number, isRefreshing: boolean): string {
  if (isRefreshing) return 'renewing'
  return leftMs > 0 ? 'until expiry' : 'expired'
}
