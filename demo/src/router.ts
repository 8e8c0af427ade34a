import { createBrowserRouter, type RouteObject } from 'react-router'
import { App } from './app.tsx'
import { CallbackPage } from './pages/callback-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { PageProblem } from './pages/page-problem.tsx'
import { type ConsolePage, pages } from './pages/pages.ts'
import { StartingPage } from './pages/starting-page.tsx'
import { QueriesOfSession } from './queries-of-session.tsx'
import { SessionRequired } from './session-required.tsx'

// The code of a page is loaded while the session is being restored, or while the page before it is still shown.
function routeOf({ path, load }: ConsolePage): RouteObject {
  return {
    path,
    // As a function: of the other form, `lazy: { Component: load }`, the router swallows the failure and shows nothing.
    lazy: async () => ({ Component: await load() }),
    HydrateFallback: StartingPage,
    ErrorBoundary: PageProblem,
  }
}

/**
 * Which page an address shows. It knows nothing of `auth.ts`, whose `navigate` leads here: what needs the session is
 * in the code of the pages, which is loaded later.
 */
export const router: ReturnType<typeof createBrowserRouter> = createBrowserRouter([
  {
    Component: App,
    children: [
      {
        Component: QueriesOfSession,
        children: [
          ...pages.filter(({ isPublic }) => isPublic).map(routeOf),
          {
            Component: SessionRequired,
            children: [
              ...pages.filter(({ isPublic }) => !isPublic).map(routeOf),
              { path: '/callback', Component: CallbackPage },
            ],
          },
        ],
      },
      { path: '*', Component: NotFoundPage },
    ],
  },
])
