import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const DOCUMENT_PATH = new URL('../telnyx-oauth.openapi.json', import.meta.url)

interface Declared {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>
}

interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, Declared>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: unknown
}

/** An answer, as far as the contract speaks about answers. */
export interface Answer {
  readonly method: string
  /** Path below `/v2`, or below the root for the well-known documents. */
  readonly path: string
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** The published contract. */
export interface Contract {
  /** Compares a response with its declaration; `undefined` when the path is not in the contract. */
  judge(
    answer: Answer,
    mayUseV2Errors: boolean,
  ): { readonly name: string; readonly problems: readonly string[] } | undefined
  /** Every declared response, as `operationId status`. */
  readonly declared: readonly string[]
}

const METHODS = ['get', 'post', 'put', 'delete'] as const

export function loadContract(): Contract {
  const document = JSON.parse(readFileSync(DOCUMENT_PATH, 'utf8')) as Document
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'contract', ...document })
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }))

  function validatorAt(pointer: string): ValidateFunction {
    const key = `contract#${pointer}`
    return ajv.getSchema(key) ?? ajv.compile({ $ref: key })
  }

  return {
    judge(answer, mayUseV2Errors) {
      const template = templates.find(({ pattern }) => pattern.test(answer.path))?.template
      const method = answer.method.toLowerCase()
      const operation = template === undefined ? undefined : document.paths[template]?.[method]
      if (template === undefined || operation === undefined) return undefined
      const { operationId, responses } = operation
      const declared = responses[String(answer.status)]
      const base = `/paths/${pointerSegment(template)}/${method}/responses/${answer.status}`
      const isV2 = declared === undefined || (mayUseV2Errors && answer.status >= 400 && speaksV2(answer.text))
      const problems = isV2
        ? v2Problems(answer, validatorAt('/components/schemas/V2Errors'))
        : declaredProblems(answer, declared, base, validatorAt)
      return { name: `${operationId} ${answer.status}`, problems }
    },
    declared: Object.values(document.paths).flatMap((methods) =>
      METHODS.flatMap((method) => {
        const operation = methods[method]
        return operation === undefined
          ? []
          : Object.keys(operation.responses).map((status) => `${operation.operationId} ${status}`)
      }),
    ),
  }
}

function pointerSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function declaredProblems(
  { contentType, text }: Answer,
  { content }: Declared,
  base: string,
  validatorAt: (pointer: string) => ValidateFunction,
): readonly string[] {
  if (content === undefined) return []
  const type = Object.keys(content).find((declared) => contentType.startsWith(declared))
  if (type === undefined) return [`content type ${contentType} is none of ${Object.keys(content).join(', ')}`]
  const validate = validatorAt(`${base}/content/${pointerSegment(type)}/schema`)
  return schemaProblems(validate, type === 'application/json' ? parse(text) : text)
}

/** The schema of the v2 envelope requires nothing, so that it is one is checked here. */
function v2Problems({ text, contentType }: Answer, validate: ValidateFunction): readonly string[] {
  const isEnvelope = contentType.startsWith('application/json') && speaksV2(text)
  return isEnvelope ? schemaProblems(validate, parse(text)) : [`no v2 error envelope: ${text.slice(0, 200)}`]
}

function speaksV2(text: string): boolean {
  const body = parse(text)
  if (typeof body !== 'object' || body === null || !('errors' in body)) return false
  return Array.isArray(body.errors) && body.errors.length > 0 && typeof body.errors[0]?.code === 'string'
}

function schemaProblems(validate: ValidateFunction, body: unknown): readonly string[] {
  if (validate(body)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || 'the body'} ${message}`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
