/** The names of what is cached; a name stands for every one that begins with it, too. */
export const queryKeys: Readonly<Record<'clients' | 'clientPages', readonly string[]>> = {
  clients: ['clients'],
  clientPages: ['clients', 'page'],
}
