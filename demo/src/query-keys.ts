type Key = readonly string[]

/** The names of what is cached; a name stands for every one that begins with it, too. */
export const queryKeys: {
  readonly clientPages: Key
  readonly client: (clientId: string) => Key
  readonly clientName: (clientId: string) => Key
  readonly grantPages: Key
  readonly grant: (grantId: string) => Key
  readonly consent: (token: string) => Key
  readonly serverMetadata: Key
  readonly resourceMetadata: Key
  readonly keys: Key
} = {
  clientPages: ['clients', 'page'],
  client: (clientId) => ['clients', 'one', clientId],
  // Read off the list, so it is stale when the list is.
  clientName: (clientId) => ['clients', 'page', 'name', clientId],
  grantPages: ['grants', 'page'],
  grant: (grantId) => ['grants', 'one', grantId],
  consent: (token) => ['consent', token],
  serverMetadata: ['server-metadata'],
  resourceMetadata: ['resource-metadata'],
  keys: ['keys'],
}
