function record(): { readonly said: readonly string[]; readonly restore: () => void } {
  const said: string[] = []
  const { error, warn } = console
  const add = (...parts: readonly unknown[]) => void said.push(parts.map(String).join(' '))
  Object.assign(console, { error: add, warn: add })
  return { said, restore: () => void Object.assign(console, { error, warn }) }
}

/** The warnings and errors that `work` brings to the console, kept off the test's own output. */
export function consoleOf(work: () => void): readonly string[] {
  const { said, restore } = record()
  try {
    work()
  } finally {
    restore()
  }
  return said
}

/** As {@link consoleOf}, for work that takes time. */
export async function consoleDuring(work: () => PromiseLike<unknown>): Promise<readonly string[]> {
  const { said, restore } = record()
  try {
    await work()
  } finally {
    restore()
  }
  return said
}
