import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { assertFlag, assertOptions, OPTIONS } from './option-rules.ts'
import type { EmulatorOptions } from './options.ts'
import { type Flag, flagsOf, isValid, type Schema } from './schema.ts'

const NAME = 'telnyx-oauth-emulator'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

/** A flag with the option that it sets. */
interface OptionFlag extends Flag {
  readonly name: string
  readonly schema: Schema<unknown>
}

/** In the order of the options. */
const FLAGS: readonly OptionFlag[] = Object.entries<Schema<unknown>>(OPTIONS).flatMap(([name, schema]) =>
  flagsOf(schema).map((flag) => ({ ...flag, name, schema })),
)

/** The command and its options, as `--help` shows them. */
export function createCommand(): Command {
  const command = new Command(NAME)
    .description('A local Telnyx OAuth server for development and tests.')
    .version(version)
    .option('--json', 'print one line of JSON when it listens, for scripts')
    .option('--config <file>', 'JSON file with any of the options of createEmulator(): accounts, clients …')
  for (const { usage, help } of FLAGS) command.addOption(new Option(usage, help))
  return command
}

/** The command line, read. */
export interface ParsedCommand {
  readonly options: EmulatorOptions
  /** Prints JSON instead of sentences. */
  readonly isJson: boolean
}

/**
 * Reads the command line. Flags win over the file given with `--config`.
 *
 * @throws {Error} naming the file, or the option, and what is wrong with it
 */
export function parseCommandLine(argv: readonly string[]): ParsedCommand {
  const command = createCommand().parse([...argv])
  const { config, json = false } = command.opts<{ config?: string; json?: boolean }>()
  return { options: withFlags(command, config === undefined ? {} : readConfig(config)), isJson: json }
}

/** @throws {Error} naming the file and what is wrong with it */
function readConfig(path: string): EmulatorOptions {
  let options: unknown
  try {
    // Editors on Windows write a byte order mark, which is no JSON.
    options = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  assertOptions(options, path)
  return options
}

/** Sets options by flags; members that a flag does not name stay. @throws {TypeError} naming the flag that is wrong */
function withFlags(command: Command, configured: EmulatorOptions): EmulatorOptions {
  const options: Record<string, unknown> = { ...configured }
  for (const flag of FLAGS) {
    const { attribute, long } = namesOf(flag)
    if (command.getOptionValueSource(attribute) !== 'cli') continue
    options[flag.name] = valueFor(flag, [command.getOptionValue(attribute)].flat(), options[flag.name])
    assertFlag(flag.name, options[flag.name], long, NAME)
  }
  return options
}

function namesOf({ usage }: Flag): { readonly attribute: string; readonly long: string } {
  const option = new Option(usage)
  return { attribute: option.attributeName(), long: option.long ?? usage }
}

function valueFor(
  { usage, schema, read }: OptionFlag,
  values: readonly unknown[],
  previous: unknown,
): unknown {
  const [value] = values
  const isSwitch = !usage.includes('<')
  if (read !== undefined && value !== false) return read(values.map(String), previous)
  // Without an argument, a flag is on, or off if it begins with --no; what the file says beside that stays.
  if (isSwitch) return value === true && typeof previous === 'object' ? previous : value
  return valueFrom(schema, String(value))
}

/** The text if the option takes one such as this, else the number or truth value in it. */
function valueFrom(schema: Schema<unknown>, text: string): unknown {
  if (isValid(schema, text)) return text
  if (text === 'true') return true
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
