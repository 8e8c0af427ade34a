import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { auth } from './auth.ts'
import './styles/theme.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'
import './styles/sign-in.css'
import './styles/session.css'
import './styles/cards.css'
import './styles/event-log.css'
import './styles/motion.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <TelnyxAuthProvider client={auth}>
      <App />
    </TelnyxAuthProvider>
  </StrictMode>,
)
