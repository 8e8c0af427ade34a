import { developerHint } from '../errors/developer-hints.ts'
import type { Finding } from '../finding.ts'
import { wrongEndpoint } from '../protocol/metadata.ts'
import type { Metadata } from '../protocol/transport.ts'
import { requestDocument } from '../server-flows.ts'
import { type Answer, ask, shown, silent } from './ask.ts'
import { type Examination, ok, problem, unknown, warning } from './examination.ts'

/** What was found, and the metadata for the checks after it. */
interface MetadataExamined {
  readonly findings: readonly Finding[]
  readonly metadata: Metadata | undefined
}

type Readable = Extract<Answer, { readonly response: Response }>

/** What is to be said about an answer that is not the metadata. */
function unusable({ context }: Examination, { url, response, error }: Readable): Finding {
  const subject = `The server metadata (${shown(url)})`
  if (error?.code === 'metadata_unavailable')
    return warning(
      'metadata',
      `${subject} cannot be read now: status ${response.status}.`,
      developerHint(error),
    )
  const issuer = context.options.issuer ?? 'that of the resource'
  return problem(
    'metadata',
    `${subject} is not that of the issuer ${issuer}: ${error?.message}.`,
    'Correct the issuer option letter by letter, or tell the operator of the server.',
  )
}

/** Asks for the metadata anew, past every copy. @see RFC 8414 section 3 */
async function readMetadata(examination: Examination): Promise<MetadataExamined> {
  const { context } = examination
  const { issuer, metadata: overrides } = context.options
  if (issuer && overrides.authorization_endpoint && overrides.token_endpoint) {
    const sentence = 'The endpoints come from the metadata option; the server is not asked.'
    return { findings: [ok('metadata', sentence)], metadata: { issuer, ...overrides } }
  }
  let document: Metadata | undefined
  const answer = await ask(examination, async (transport) => {
    document = await requestDocument({ ...context, transport })
  })
  if (answer.silence) {
    return { findings: [silent(examination, 'metadata', 'The server metadata', answer)], metadata: undefined }
  }
  if (!document) return { findings: [unusable(examination, answer)], metadata: undefined }
  const sentence = `The metadata of ${document.issuer} can be read, and names that issuer.`
  return { findings: [ok('metadata', sentence)], metadata: { ...document, ...overrides } as Metadata }
}

function examineEndpoints(metadata: Metadata): Finding {
  const wrong = wrongEndpoint(metadata)
  if (!wrong) return ok('endpoints', 'The endpoints are all there, over https or on this machine.')
  return problem(
    'endpoints',
    `${wrong} is missing in the metadata, or is no https URL.`,
    'Tell the operator of the server, or set it in the metadata option.',
  )
}

function examinePkce({ code_challenge_methods_supported: methods }: Metadata): Finding {
  if (methods?.includes('S256')) return ok('pkce', 'The server announces PKCE with S256.')
  return problem(
    'pkce',
    'The server does not announce PKCE with S256, so no sign-in is begun.',
    "Have its operator announce it, or set code_challenge_methods_supported: ['S256'] in the metadata option.",
  )
}

/** The metadata: whether it can be read, whose it is, and what it says. */
export async function examineMetadata(examination: Examination): Promise<MetadataExamined> {
  const { findings, metadata } = await readMetadata(examination)
  const sentence = 'This cannot be determined without the server metadata.'
  const more = metadata
    ? [examineEndpoints(metadata), examinePkce(metadata)]
    : [unknown('endpoints', sentence), unknown('pkce', sentence)]
  return { findings: [...findings, ...more], metadata }
}
