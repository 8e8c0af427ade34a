import { validateHeaderName, validateHeaderValue } from 'node:http'
import * as v from 'valibot'
import { closestName } from './suggest.ts'

/** A schema of values that are checked and taken as they are. */
export type Schema<Value> = v.GenericSchema<Value>

/** One schema for each member. */
export type Members<Value> = { readonly [Name in keyof Value]-?: Schema<Value[Name] | undefined> }

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object with these members and no others. */
export function object<Value extends object>(members: Members<Value>): Schema<Value> {
  const names = Object.keys(members)
  const isObject = v.custom<Record<string, unknown>>(isPlainObject, 'must be an object')
  const known = v.looseObject(members as Readonly<Record<string, Schema<unknown>>>, 'is required')
  // Lazy for the input itself: the value that looseObject hands on has lost a member named __proto__.
  const schema = v.lazy((input) =>
    v.pipe(
      isObject,
      known,
      v.rawCheck(({ addIssue }) => {
        for (const key of Object.keys(Object(input)).filter((name) => !names.includes(name)))
          addIssue({
            message: `does not exist${didYouMean(key, names)}`,
            path: [{ type: 'object', origin: 'key', input: Object(input), key, value: undefined }],
          })
      }),
    ),
  )
  return schema as unknown as Schema<Value>
}

/** An object with any of these members and no others. */
export function partial<Value extends object>(members: Members<Value>): Schema<Value> {
  return object(optionals(members))
}

/** The same members, none of them required. */
export function optionals<Value extends object>(members: Members<Value>): Members<Value> {
  const entries = Object.entries<Schema<unknown>>(members).map(([name, schema]) => [name, v.optional(schema)])
  return Object.fromEntries(entries) as Members<Value>
}

function didYouMean(wrong: unknown, known: readonly string[]): string {
  const name = typeof wrong === 'string' ? closestName(wrong, known) : undefined
  return name === undefined ? '' : `; did you mean ${JSON.stringify(name)}?`
}

/** A value for which a rule holds. */
export function rule<Value>(message: string, holds: (value: unknown) => boolean): Schema<Value> {
  return v.custom<Value>(holds, message)
}

/** One of a few values. */
export function oneOf<const Choice extends string | number>(...choices: readonly Choice[]): Schema<Choice> {
  const list = choices.map((choice) => JSON.stringify(choice)).join(' or ')
  return v.custom<Choice>(
    (value) => choices.includes(value as Choice),
    ({ input }) => `must be ${list}${didYouMean(input, choices.map(String))}`,
  )
}

export function array<Item>(item: Schema<Item>): Schema<readonly Item[]> {
  return v.array(item, 'must be an array')
}

export function nonEmpty<Item>(item: Schema<Item>, message: string): Schema<readonly Item[]> {
  return v.pipe(v.array(item, message), v.minLength(1, message))
}

/** The same array, in which no two items have the same key. */
export function distinct<Item>(
  items: Schema<readonly Item[]>,
  keyOf: (item: Item) => unknown,
  message: string,
): Schema<readonly Item[]> {
  const isDistinct = (list: readonly Item[]): boolean => new Set(list.map(keyOf)).size === list.length
  return v.pipe(items, v.check(isDistinct, message))
}

/** `true`, `false` or an object. */
export function flagOr<Value>(settings: Schema<Value>): Schema<boolean | Value> {
  return eitherOr((value) => typeof value === 'boolean', settings, 'must be true, false or an object')
}

/** A value for which a rule holds, or an object. */
export function eitherOr<Simple, Value>(
  isSimple: (value: unknown) => boolean,
  settings: Schema<Value>,
  message: string,
): Schema<Simple | Value> {
  return v.lazy((value) => (isPlainObject(value) ? settings : rule<Simple>(message, isSimple)))
}

/** A flag of the command that sets an option. */
export interface Flag {
  /** As the help shows it, such as `--port <number>`. */
  readonly usage: string
  readonly help: string
  /**
   * Makes the value of the option from the texts behind the flag, and from the value that the file or an earlier flag
   * gave it. @default the text or number
   */
  readonly read?: (texts: readonly string[], previous: unknown) => unknown
}

/** A schema of an option that flags of the command set too. */
export function withFlags<Value>(schema: Schema<Value>, ...flags: readonly Flag[]): Schema<Value> {
  return v.pipe(schema, v.metadata({ flags }))
}

export function flagsOf(schema: Schema<unknown>): readonly Flag[] {
  const { flags = [] } = v.getMetadata(schema) as { readonly flags?: readonly Flag[] }
  return flags
}

/** Whether a value is one of the schema. */
export function isValid(schema: Schema<unknown>, value: unknown): boolean {
  return v.is(schema, value)
}

export function optional<Value>(schema: Schema<Value>): Schema<Value | undefined> {
  return v.optional(schema)
}

/** A value that JSON keeps as it is. */
export const json: Schema<unknown> = rule(
  'must be JSON: text, numbers, true, false, null, arrays and plain objects, without a cycle',
  (value) => isJson(value),
)
export const text: Schema<string> = rule(
  'must be a string that is not empty',
  (value) => typeof value === 'string' && value !== '',
)
export const flag: Schema<boolean> = rule('must be true or false', (value) => typeof value === 'boolean')
export const strings: Schema<readonly string[]> = array(
  rule<string>('must be a string', (value) => typeof value === 'string'),
)
export const record: Schema<Readonly<Record<string, unknown>>> = rule('must be an object', isPlainObject)
export const jsonRecord: Schema<Readonly<Record<string, unknown>>> = v.pipe(
  record,
  json as Schema<Readonly<Record<string, unknown>>>,
)

/** Members that are `undefined` are as good as absent. */
function isJson(value: unknown, ancestors: readonly unknown[] = []): boolean {
  if (value === null || ['string', 'boolean'].includes(typeof value)) return true
  if (typeof value !== 'object') return Number.isFinite(value)
  if (ancestors.includes(value) || !(Array.isArray(value) || hasPlainPrototype(value))) return false
  const within = [...ancestors, value]
  return Object.values(value).every((each) => each === undefined || isJson(each, within))
}

/** Of any realm: an environment of tests has objects of its own. */
function hasPlainPrototype(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export function integer(message: string, min: number, max: number): Schema<number> {
  return rule(message, (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max)
}

export const status: Schema<number> = integer('must be a status from 200 to 599', 200, 599)

export const headers: Schema<Readonly<Record<string, string>>> = rule(
  'must be an object of HTTP header names and values',
  (value) => isPlainObject(value) && Object.entries(value as object).every(isHeader),
)

function isHeader([name, value]: readonly [string, unknown]): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value as string)
    return typeof value === 'string'
  } catch {
    return false
  }
}

/** Names the subject of a message by its path; '' is the value as a whole. */
export type SubjectOf = (path: string) => string

/** @throws {TypeError} naming every member that is wrong, one line each */
export function check<Value>(
  schema: Schema<Value>,
  value: unknown,
  caller: string,
  subjectOf: SubjectOf = (path) => (path === '' ? 'the value' : JSON.stringify(path)),
): asserts value is Value {
  const { issues = [] } = v.safeParse(schema, value)
  if (issues.length === 0) return
  const lines = issues.map(({ path = [], message, input }) => {
    const received = /^(does not exist|is required)/.test(message) ? '' : `; got ${shown(input)}`
    return `${caller}: ${subjectOf(pathOf(path.map(({ key }) => key)))} ${message}${received}`
  })
  throw new TypeError(lines.join('\n'))
}

function pathOf(keys: readonly unknown[]): string {
  return keys.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path === '' ? nameOf(key) : `${path}.${nameOf(key)}`,
    '',
  )
}

/** The empty path is the value as a whole, so a member with an empty name needs another. */
function nameOf(key: unknown): string {
  return key === '' ? '(empty name)' : String(key)
}

function shown(value: unknown): string {
  const isNumber = typeof value === 'bigint' || typeof value === 'number'
  const text = isNumber ? String(value) : (jsonOf(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** `undefined` for a value that JSON cannot hold. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
