/** A list with a value added or taken out; the order stays. */
export function toggled<T>(values: readonly T[], value: T, isChosen: boolean): readonly T[] {
  const others = values.filter((one) => one !== value)
  return isChosen ? [...others, value] : others
}
