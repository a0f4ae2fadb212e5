import { lazyRouteComponent } from '@tanstack/react-router'
import { Settings2 } from 'lucide-react'
import { later } from '../../../ui/later.ts'
import { openTab } from '../../../ui/open-tab.ts'
import type { Registration } from '../../../ui/registration.ts'

const panels = () => import('./panels.ts')

export const registration: Registration = {
  pages: [
    {
      path: '/admin',
      frame: 'bar',
      search: openTab,
      component: lazyRouteComponent(() => import('./admin-page.tsx'), 'AdminPage'),
    },
  ],
  commands: [
    {
      id: 'admin',
      label: 'admin.title',
      Icon: Settings2,
      order: 70,
      adminOnly: true,
      opens: { to: '/admin' },
      inAccountMenu: true,
    },
  ],
  admin: [
    { value: 'users', label: 'admin.users', order: 10, Panel: later(panels, 'Users') },
    { value: 'addons', label: 'admin.addons', order: 20, Panel: later(panels, 'Addons') },
    { value: 'permissions', label: 'admin.permissions', order: 30, Panel: later(panels, 'Permissions') },
    { value: 'access', label: 'admin.access', order: 40, Panel: later(panels, 'McpAccess') },
    { value: 'audit', label: 'admin.audit', order: 50, Panel: later(panels, 'AuditLog') },
  ],
}
