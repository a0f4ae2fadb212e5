import './csp.ts'
import '@fontsource-variable/inter/index.css'
import '../ui/design/index.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Toasts } from '../ui/design/toast.tsx'
import { TipProvider } from '../ui/design/tooltip.tsx'
import { direction, language } from '../ui/i18n.ts'
import { queries } from '../ui/query.ts'
import { RegistrationsContext } from '../ui/registration.ts'
import { registrations } from './registrations.ts'
import { router } from './router.tsx'

const app = document.getElementById('app')
if (!app) throw new Error('The page has no place for the app')
document.documentElement.lang = language()
document.documentElement.dir = direction()

createRoot(app).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RegistrationsContext value={registrations}>
          <TipProvider delay={500}>
            <RouterProvider router={router} />
            <Toasts />
          </TipProvider>
        </RegistrationsContext>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
