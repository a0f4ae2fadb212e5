import { SunMoon, UserRound } from 'lucide-react'
import type { Registration } from '../ui/registration.ts'
import { isDark, setTheme } from '../ui/theme.ts'

/** What the app offers independently of any feature. */
export const registration: Registration = {
  commands: [
    {
      id: 'settings',
      label: 'settings.title',
      Icon: UserRound,
      order: 50,
      opens: { to: '/settings' },
      inAccountMenu: true,
    },
    {
      id: 'theme',
      label: () => (isDark() ? 'palette.light' : 'palette.dark'),
      Icon: SunMoon,
      order: 80,
      run: () => setTheme(isDark() ? 'light' : 'dark'),
    },
  ],
}
