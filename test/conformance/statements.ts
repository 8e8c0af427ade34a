import type { Statement } from './statement.ts'
import { authorizationRequestStatements } from './statements/authorization-request.ts'
import { authorizationResponseStatements } from './statements/authorization-response.ts'
import { dpopStatements } from './statements/dpop.ts'
import { guidanceStatements } from './statements/guidance.ts'
import { metadataStatements } from './statements/metadata.ts'
import { registrationStatements } from './statements/registration.ts'
import { resourceStatements } from './statements/resources.ts'
import { tokenRequestStatements } from './statements/token-requests.ts'
import { tokenStatements } from './statements/tokens.ts'
import { windowStatements } from './statements/windows.ts'

const families = 'BSDN'

const orderOf = ({ id }: Statement): number => families.indexOf(id.charAt(0)) * 100 + Number(id.slice(1))

/** Every statement, in the order of their ids. */
export const statements: readonly Statement[] = [
  ...authorizationRequestStatements,
  ...authorizationResponseStatements,
  ...metadataStatements,
  ...tokenRequestStatements,
  ...tokenStatements,
  ...windowStatements,
  ...dpopStatements,
  ...registrationStatements,
  ...resourceStatements,
  ...guidanceStatements,
].sort((a, b) => orderOf(a) - orderOf(b))
