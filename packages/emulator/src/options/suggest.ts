/** The known name that is most like a wrong one; `undefined` when none is. */
export function closestName(wrong: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(wrong.length / 3))
  const [best] = known
    .map((name) => ({ name, distance: distanceOf(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance)
  if (best !== undefined && best.distance <= limit) return best.name
  return known.find((name) => wrong.length > 2 && name.toLowerCase().includes(wrong.toLowerCase()))
}

/** Levenshtein distance: insertions, deletions and replacements from one text to the other. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [rowIndex, character] of [...from].entries()) {
    const next = [rowIndex + 1]
    for (let index = 0; index < to.length; index += 1) {
      const replaced = (row[index] ?? 0) + (character === to[index] ? 0 : 1)
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
