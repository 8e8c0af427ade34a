/** Tells if `value` is a path, `/` first: it has nothing that URL parsers remove, and cannot name another host. */
export const isPath = (value: unknown): value is string =>
  typeof value === 'string' && /^\/(?![/\\])\S*$/.test(value)
