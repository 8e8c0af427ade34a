/** The texts, and lists of texts, in `values`, with every plain http address made an https one. */
export const asHttps = (values: object): object =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => typeof value === 'string' || Array.isArray(value))
      .map(([name, value]) => [name, JSON.parse(JSON.stringify(value).replaceAll('http:', 'https:'))]),
  )
