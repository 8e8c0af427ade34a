import type { EndpointName } from '../endpoints.ts'
import type { GrantRecord } from '../store/grant-record.ts'

/** How somebody must have signed in for a resource to answer (RFC 9470). */
export interface StepUp {
  /** Authentication context classes, one of which will do. `acr_values` of the sign-in decides. */
  readonly acrValues?: readonly string[]
  /** How long ago the sign-in may be, in seconds. */
  readonly maxAgeSeconds?: number
}

/** A requirement that stands until it is taken back. */
export interface StandingStepUp {
  remove(): void
}

export interface StepUps {
  require(endpoint: EndpointName, stepUp: StepUp): StandingStepUp
  /** The first requirement that a sign-in does not meet. */
  unmet(endpoint: EndpointName, grant: GrantRecord | undefined, nowMs: number): StepUp | undefined
  clear(): void
}

export function createStepUps(): StepUps {
  const standing = new Set<{ readonly endpoint: EndpointName; readonly stepUp: StepUp }>()

  return {
    require(endpoint, stepUp) {
      const requirement = { endpoint, stepUp }
      standing.add(requirement)
      return { remove: () => void standing.delete(requirement) }
    },
    unmet(endpoint, grant, nowMs) {
      for (const requirement of standing) {
        if (requirement.endpoint === endpoint && !isMet(requirement.stepUp, grant, nowMs))
          return requirement.stepUp
      }
      return undefined
    },
    clear() {
      standing.clear()
    },
  }
}

function isMet({ acrValues, maxAgeSeconds }: StepUp, grant: GrantRecord | undefined, nowMs: number): boolean {
  if (grant === undefined) return false
  if (acrValues !== undefined && !acrValues.includes(grant.acr ?? '')) return false
  return maxAgeSeconds === undefined || nowMs - grant.authenticatedAtMs <= maxAgeSeconds * 1000
}
