import { Sparkles } from 'lucide-react'
import { later } from '../../ui/later.ts'
import type { Registration } from '../../ui/registration.ts'

const panels = () => import('./panels.ts')

export const registration: Registration = {
  settings: [
    { value: 'profile', label: 'settings.profile', order: 10, Panel: later(panels, 'Profile') },
    { value: 'security', label: 'settings.security', order: 20, Panel: later(panels, 'Security') },
    {
      value: 'integrations',
      label: 'settings.integrations',
      order: 30,
      Panel: later(panels, 'Integrations'),
    },
  ],
  commands: [
    {
      id: 'assistants',
      label: 'settings.connectAssistant',
      Icon: Sparkles,
      order: 60,
      opens: { to: '/settings', search: { tab: 'integrations' } },
      inAccountMenu: true,
    },
  ],
}
