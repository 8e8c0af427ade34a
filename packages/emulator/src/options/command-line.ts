import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { assertOptions, OPTIONS } from './option-rules.ts'
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

/** In the order of the options, so that a later flag of one option adds to an earlier one. */
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
  const given = optionsOf(command)
  assertOptions(given, NAME)
  return { options: { ...(config === undefined ? {} : readConfig(config)), ...given }, isJson: json }
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

function optionsOf(command: Command): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = {}
  for (const { usage, name, schema, read = (text: string) => valueFrom(schema, text) } of FLAGS) {
    const attribute = new Option(usage).attributeName()
    if (command.getOptionValueSource(attribute) !== 'cli') continue
    const values: unknown[] = [command.getOptionValue(attribute)].flat()
    // Without an argument, a flag is on, or off if it begins with --no.
    for (const value of values)
      options[name] = usage.includes('<') || value === true ? read(String(value), options[name]) : value
  }
  return options
}

/** The text if the option takes one such as this, else the number or truth value in it. */
function valueFrom(schema: Schema<unknown>, text: string): unknown {
  if (isValid(schema, text)) return text
  if (text === 'true') return true
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
