import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  Navigate as TanStackNavigate,
  RouterProvider as TanStackRouterProvider,
  useLocation as useTanStackLocation,
} from '@tanstack/react-router'
import { createTelnyxAuth, type TelnyxAuth } from '@telnyx-oauth/core'
import { signInWithPopup } from '@telnyx-oauth/core/popup'
import { RequireSignIn, TelnyxAuthProvider, useTelnyxAuth } from '@telnyx-oauth/react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import {
  BrowserRouter,
  createBrowserRouter,
  HashRouter,
  Navigate,
  Route,
  Routes,
  useLocation,
} from 'react-router'
import { RouterProvider } from 'react-router/dom'

/** The app that the page is: set by the journey before the page loads, in Chromium. */
export interface RouterOptions {
  readonly router: 'BrowserRouter' | 'the data router' | 'TanStack Router' | 'HashRouter'
  /** The path that the app lives under. */
  readonly basename?: string
  /** Whether its pages are behind `RequireSignIn`. */
  readonly isGuarded?: boolean
  /** Whether unknown paths are replaced by the home page. */
  readonly hasCatchAll?: boolean
  /** Whether the redirect URI has a route. */
  readonly hasCallbackRoute?: boolean
  /** Whether the client hands return paths to the data router. */
  readonly hasNavigate?: boolean
}

declare global {
  var routerOptions: RouterOptions | undefined
  var auth: TelnyxAuth
}

const otherEngines: RouterOptions = { router: 'BrowserRouter', isGuarded: true }
const {
  router,
  basename = '/',
  isGuarded,
  hasCatchAll = true,
  hasCallbackRoute,
  hasNavigate,
} = globalThis.routerOptions ?? otherEngines

globalThis.auth = createTelnyxAuth({
  issuer: import.meta.env.VITE_TELNYX_ISSUER,
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: 'billing.read',
  ...(hasNavigate && { navigate: (path: string) => void dataRouter().navigate(path, { replace: true }) }),
  ...globalThis.tabOptions,
})

/** A page of the app, and what the router knows of its address. */
function Page({ title, location }: { readonly title: string; readonly location: unknown }): ReactNode {
  const page = <h1 title={JSON.stringify(location)}>{title}</h1>
  return isGuarded ? <RequireSignIn fallback="One moment…">{page}</RequireSignIn> : page
}

const RoutedPage = ({ title }: { readonly title: string }) => <Page title={title} location={useLocation()} />
const TanStackPage = ({ title }: { readonly title: string }) => (
  <Page title={title} location={useTanStackLocation()} />
)

const routes = [
  { path: '/', element: <RoutedPage title="Home" /> },
  { path: '/list', element: <RoutedPage title="List" /> },
  ...(hasCallbackRoute ? [{ path: '/callback', element: 'One moment…' }] : []),
  ...(hasCatchAll ? [{ path: '*', element: <Navigate to="/" replace /> }] : []),
]

let created: ReturnType<typeof createBrowserRouter> | undefined

function dataRouter(): ReturnType<typeof createBrowserRouter> {
  created ??= createBrowserRouter(routes, { basename })
  return created
}

const declared = (
  <Routes>
    {routes.map(({ path, element }) => (
      <Route key={path} path={path} element={element} />
    ))}
  </Routes>
)

function createTanStackRouter(): Parameters<typeof TanStackRouterProvider>[0]['router'] {
  const root = createRootRoute({ component: Outlet })
  const pageAt = (path: string, title: string) =>
    createRoute({ getParentRoute: () => root, path, component: () => <TanStackPage title={title} /> })
  return createRouter({
    routeTree: root.addChildren([pageAt('/', 'Home'), pageAt('/list', 'List')]),
    basepath: basename,
    defaultNotFoundComponent: () => <TanStackNavigate to="/" replace />,
  })
}

const routers: Readonly<Record<RouterOptions['router'], () => ReactNode>> = {
  BrowserRouter: () => <BrowserRouter basename={basename}>{declared}</BrowserRouter>,
  'the data router': () => <RouterProvider router={dataRouter()} />,
  'TanStack Router': () => <TanStackRouterProvider router={createTanStackRouter()} />,
  HashRouter: () => <HashRouter>{declared}</HashRouter>,
}

function Frame() {
  const { status, error, signIn } = useTelnyxAuth()
  return (
    <header>
      <output>{[status, error?.code].filter(Boolean).join(' ')}</output>
      <button type="button" onClick={() => void signIn().catch(() => {})}>
        Leave to sign in
      </button>
      <button type="button" onClick={() => void signInWithPopup(auth).catch(() => {})}>
        Sign in through a window
      </button>
    </header>
  )
}

createRoot(document.querySelector('#root') ?? document.body).render(
  <TelnyxAuthProvider client={auth}>
    <Frame />
    <main>{routers[router]()}</main>
  </TelnyxAuthProvider>,
)
