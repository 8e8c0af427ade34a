import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type ClientSeed, DEFAULT_CLIENTS } from '../store/client-record.ts'
import { assertOptions } from './option-rules.ts'
import type { EmulatorOptions } from './options.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

type Writable = { -readonly [Name in keyof EmulatorOptions]: EmulatorOptions[Name] }

interface Flags {
  config?: string
  json?: boolean
  port?: number
  host?: string
  publicHost?: string
  issuer?: string
  profile?: 'live' | 'spec'
  redirectUri?: string[]
  stateFile?: string
  accessTokenLifetime?: number
  refreshTokenLifetime?: number
  refreshGracePeriod?: number
  rotation: boolean
  accessTokenFormat?: 'opaque' | 'jwt'
  iss?: boolean
  dpop?: boolean
  dpopNonce?: boolean
  openid?: boolean
  revocation?: boolean
  par?: boolean
  endSession?: boolean
  rememberSignIn?: boolean
  consentUrl?: string
  cors: boolean
  rateLimits: boolean
  seedClients?: number
  seedGrants?: number
}

function redirectUri(text: string, others: readonly string[] = []): readonly string[] {
  if (!URL.canParse(text) || text.includes('#'))
    throw new InvalidArgumentError('It must be an absolute URI without a fragment.')
  return [...others, text]
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** The command and its options, as `--help` shows them. */
export function createCommand(): Command {
  return new Command('telnyx-oauth-emulator')
    .description('A local Telnyx OAuth server for development and tests.')
    .option('--port <number>', 'port to listen on; 0 for any (default: 4010)', wholeNumber)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--public-host <name>', 'host name in the issuer (default: localhost)')
    .option('--issuer <url>', 'issuer, when the emulator is behind a proxy')
    .addOption(new Option('--profile <name>', 'which picture of Telnyx to paint').choices(['live', 'spec']))
    .version(version)
    .option('--json', 'print one line of JSON when it listens, for scripts')
    .option('--redirect-uri <uri...>', 'redirect URIs of the client telnyx-demo', redirectUri)
    .option('--config <file>', 'JSON file with any of the options of createEmulator(): accounts, clients …')
    .option('--state-file <file>', 'keep clients, grants and tokens between starts')
    .option('--access-token-lifetime <seconds>', 'lifetime of access tokens (default: 1800)', wholeNumber)
    .option(
      '--refresh-token-lifetime <seconds>',
      'lifetime of refresh tokens (default: 30 days)',
      wholeNumber,
    )
    .option(
      '--refresh-grace-period <seconds>',
      'how long a replaced refresh token works (default: 0)',
      wholeNumber,
    )
    .option('--no-rotation', 'keep refresh tokens when they are used')
    .addOption(
      new Option('--access-token-format <format>', 'form of access tokens').choices(['opaque', 'jwt']),
    )
    .option('--iss', 'send iss on redirects (RFC 9207)')
    .option('--dpop', 'accept DPoP proofs (RFC 9449)')
    .option('--dpop-nonce', 'accept DPoP proofs and insist on a nonce')
    .option('--openid', 'offer OpenID Connect: discovery and ID tokens')
    .option('--revocation', 'offer token revocation (RFC 7009)')
    .option('--par', 'offer pushed authorization requests (RFC 9126)')
    .option('--end-session', 'offer RP-initiated logout')
    .option('--remember-sign-in', 'make the next sign-in silent')
    .option('--consent-url <url>', 'page to send people to instead of the built-in one')
    .option('--no-cors', 'send no CORS headers')
    .option('--no-rate-limits', 'answer any number of requests')
    .option('--seed-clients <count>', 'make up OAuth clients for the first account', wholeNumber)
    .option('--seed-grants <count>', 'make up grants for the first account', wholeNumber)
}

/** The command line, read. */
export interface ParsedCommand {
  readonly options: EmulatorOptions
  /** Prints JSON instead of sentences. */
  readonly isJson: boolean
}

/** Reads the command line. Flags win over the file given with `--config`. */
export function parseCommandLine(argv: readonly string[]): ParsedCommand {
  const flags = createCommand()
    .parse([...argv])
    .opts<Flags>()
  const file = flags.config === undefined ? {} : readConfig(flags.config)
  return { options: { ...file, ...optionsOf(flags) }, isJson: flags.json ?? false }
}

/** @throws {Error} naming the file and what is wrong with it */
function readConfig(path: string): EmulatorOptions {
  let options: unknown
  try {
    options = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  assertOptions(options, path)
  return options
}

/** The start pages of the same origins take the browser back after a sign-out. */
function demoWith(demo: ClientSeed, redirectUris: readonly string[]): ClientSeed {
  const starts = redirectUris.filter((uri) => URL.canParse(uri)).map((uri) => new URL('/', uri).href)
  return { ...demo, redirectUris, postLogoutRedirectUris: [...new Set(starts)] }
}

function optionsOf(flags: Flags): EmulatorOptions {
  const [demo] = DEFAULT_CLIENTS
  const { seedClients, seedGrants, redirectUri } = flags
  const given: { [Name in keyof Writable]: Writable[Name] | undefined } = {
    port: flags.port,
    host: flags.host,
    publicHost: flags.publicHost,
    issuer: flags.issuer,
    profile: flags.profile,
    clients: redirectUri && demo && [demoWith(demo, redirectUri)],
    stateFile: flags.stateFile,
    accessTokenLifetimeSeconds: flags.accessTokenLifetime,
    refreshTokenLifetimeSeconds: flags.refreshTokenLifetime,
    refreshGracePeriodSeconds: flags.refreshGracePeriod,
    rotateRefreshTokens: flags.rotation ? undefined : false,
    accessTokenFormat: flags.accessTokenFormat,
    issRedirectParameter: flags.iss,
    dpop: flags.dpopNonce ? { requireNonce: true } : flags.dpop,
    openId: flags.openid,
    revocation: flags.revocation,
    par: flags.par,
    endSession: flags.endSession,
    rememberSignIn: flags.rememberSignIn,
    consentUrl: flags.consentUrl,
    cors: flags.cors ? undefined : false,
    rateLimits: flags.rateLimits ? undefined : false,
    seed:
      seedClients === undefined && seedGrants === undefined
        ? undefined
        : { clients: seedClients ?? 0, grants: seedGrants ?? 0 },
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
