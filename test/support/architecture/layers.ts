/** What a layer of core may import, besides files of its own layer. */
interface Layer {
  readonly imports: readonly string[]
  /** Additional layers whose types it may name. */
  readonly types?: readonly string[]
  /** Packages that are this layer's secret. */
  readonly packages?: readonly string[]
}

const WORDS = ['errors', 'events', 'surface']

/** The arrows of core, from the public names down to what imports nothing. A file outside every layer is refused. */
export const CORE_LAYERS: Readonly<Record<string, Layer>> = {
  index: {
    imports: ['client', 'errors'],
    types: ['events', 'surface', 'options', 'session', 'ports', 'entries'],
  },
  entries: {
    imports: ['client', 'flows', 'protocol', 'ports', 'session', 'context', 'options', 'model', ...WORDS],
  },
  client: {
    imports: ['engine', 'diagnose', 'flows', 'ports', 'session', 'context', 'options', 'model', ...WORDS],
    types: ['protocol'],
  },
  engine: { imports: ['flows', 'protocol'] },
  diagnose: {
    imports: ['engine', 'flows', 'protocol', 'ports', 'session', 'context', 'options', 'model', ...WORDS],
  },
  flows: { imports: ['protocol', 'ports', 'session', 'context', 'options', 'model', ...WORDS] },
  context: { imports: [], types: ['engine', 'protocol', 'ports', 'session', 'options', 'model', ...WORDS] },
  options: { imports: ['model', 'errors'], types: ['ports', ...WORDS] },
  protocol: { imports: ['model', 'errors'], packages: ['oauth4webapi'] },
  ports: { imports: ['errors'], types: ['model', 'context', 'options'], packages: ['idb-keyval'] },
  session: { imports: ['errors'], types: ['model', 'events'] },
  model: { imports: ['errors'], types: ['session', 'events'] },
  surface: { imports: [], types: ['session', 'options', 'events', 'errors'] },
  events: { imports: [], types: ['errors'] },
  errors: { imports: [] },
}

const FILES: Readonly<Record<string, string>> = {
  'index.ts': 'index',
  'client.ts': 'client',
  'context.ts': 'context',
  'engine.ts': 'engine',
  'options.ts': 'options',
  'session.ts': 'session',
  'lifecycle.ts': 'flows',
  'renewal.ts': 'flows',
  'telnyx-auth.ts': 'surface',
  'events.ts': 'events',
  'errors.ts': 'errors',
  'error-table.ts': 'errors',
  'messages.ts': 'entries',
  'popup.ts': 'entries',
  'register.ts': 'entries',
  'resource.ts': 'entries',
  'registered-client.ts': 'surface',
  'shared-worker.ts': 'entries',
  'mcp.ts': 'entries',
  'testing.ts': 'entries',
  'diagnose.ts': 'diagnose',
  'finding.ts': 'surface',
}

/** The layer of a file, given its path below `packages/core/src/`. */
export function coreLayerOf(path: string): string | undefined {
  const [folder, ...rest] = path.split('/')
  if (rest.length === 0) return FILES[path]
  return folder && ['diagnose', 'errors', 'flows', 'protocol', 'ports', 'model'].includes(folder)
    ? folder
    : undefined
}

/** An effect of a component may listen; what the page is or holds it learns from core. */
export const ALLOWED_IN_REACT: readonly string[] = ['addEventListener', 'removeEventListener']

/** What only `ports/` may touch: everything that a test must be able to replace. Members make a name narrower. */
export const BROWSER_GLOBALS: Readonly<Record<string, readonly string[] | 'all'>> = {
  globalThis: 'all',
  window: 'all',
  self: 'all',
  document: 'all',
  location: 'all',
  history: 'all',
  navigator: 'all',
  localStorage: 'all',
  sessionStorage: 'all',
  indexedDB: 'all',
  BroadcastChannel: 'all',
  SharedWorker: 'all',
  isSecureContext: 'all',
  addEventListener: 'all',
  removeEventListener: 'all',
  setTimeout: 'all',
  clearTimeout: 'all',
  setInterval: 'all',
  clearInterval: 'all',
  requestAnimationFrame: 'all',
  performance: 'all',
  Date: ['now'],
  Math: ['random'],
  crypto: ['getRandomValues', 'randomUUID'],
  AbortSignal: ['timeout'],
}
