import type { ComponentType } from 'react'

/** A page of the console. */
export interface ConsolePage {
  /** The addresses it has, as a pattern of React Router. */
  readonly path: string
  /** What the navigation calls it; a page without a link is reached from other pages. */
  readonly link?: string
  /** Whether it is for people who are not signed in, too. @default false */
  readonly isPublic?: boolean
  /** Loads its code. */
  readonly load: () => Promise<ComponentType>
}

/** Every page, in the order of the navigation. */
export const pages: readonly ConsolePage[] = [
  {
    path: '/',
    link: 'Session',
    load: async () => (await import('./session/session-page.tsx')).SessionPage,
  },
  {
    path: '/clients',
    link: 'OAuth clients',
    load: async () => (await import('./clients/clients-page.tsx')).ClientsPage,
  },
  {
    path: '/clients/new',
    load: async () => (await import('./clients/new-client-page.tsx')).NewClientPage,
  },
  {
    path: '/clients/:clientId',
    load: async () => (await import('./clients/client-page.tsx')).ClientPage,
  },
  {
    path: '/apps',
    link: 'Connected apps',
    load: async () => (await import('./apps/apps-page.tsx')).AppsPage,
  },
  {
    path: '/apps/:grantId',
    load: async () => (await import('./apps/grant-page.tsx')).GrantPage,
  },
  {
    path: '/consent',
    load: async () => (await import('./consent/consent-page.tsx')).ConsentPage,
  },
  {
    path: '/register',
    link: 'Register',
    isPublic: true,
    load: async () => (await import('./register/register-page.tsx')).RegisterPage,
  },
  {
    path: '/tokens',
    link: 'Tokens',
    load: async () => (await import('./tokens/tokens-page.tsx')).TokensPage,
  },
  {
    path: '/discovery',
    link: 'Discovery',
    isPublic: true,
    load: async () => (await import('./discovery/discovery-page.tsx')).DiscoveryPage,
  },
]
