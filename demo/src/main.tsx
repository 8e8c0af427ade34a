import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { TelnyxAuthDevtools } from '@telnyx-oauth/react/devtools'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { auth } from './auth.ts'
import { router } from './router.ts'
import { joinConsoleTabs } from './tabs/console-tabs.ts'
import './styles/theme.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'
import './styles/sign-in.css'
import './styles/cards.css'
import './styles/forms.css'
import './styles/lists.css'
import './styles/dialog.css'
import './styles/motion.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

joinConsoleTabs()

createRoot(root).render(
  <StrictMode>
    <TelnyxAuthProvider client={auth}>
      <RouterProvider router={router} />
      {import.meta.env.DEV && <TelnyxAuthDevtools />}
    </TelnyxAuthProvider>
  </StrictMode>,
)
