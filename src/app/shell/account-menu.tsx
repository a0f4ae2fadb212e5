import { Link, useNavigate } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { VersionLine } from '../../features/releases/web/version-line.tsx'
import { logOut, useMe } from '../../identity/web/session.ts'
import { reasonOf } from '../../ui/call.ts'
import { Avatar } from '../../ui/design/avatar.tsx'
import { Menu, MenuGroup, MenuItem, MenuLine, MenuLinkItem, MenuRadio } from '../../ui/design/menu.tsx'
import { tellTrouble } from '../../ui/design/toast.tsx'
import { useRegistrations } from '../../ui/registration.ts'
import { setTheme, THEMES, useTheme } from '../../ui/theme.ts'

export function AccountMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  const links = useRegistrations().commands.flatMap((command) =>
    command.inAccountMenu && (!command.adminOnly || me.role === 'admin') ? [command] : [],
  )
  const leave = async () => {
    try {
      await navigate({ to: '/login' })
      await logOut()
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
  }
  return (
    <Menu
      trigger={
        <button type="button" className="relative rounded-full transition-[filter] hover:brightness-95">
          <span className="sr-only">{t('settings.menu', { name: me.name })}</span>
          <Avatar name={me.name} userId={me.id} />
        </button>
      }
    >
      <div className="px-2.5 pt-2 pb-2.5">
        <p className="font-medium">{me.name}</p>
        <p className="text-ink-faint text-sm">{me.email}</p>
      </div>
      <MenuLine />
      {links.map(({ id, label, Icon, opens }) => (
        <MenuLinkItem key={id} icon={<Icon size={16} />} render={<Link {...opens} />}>
          {t(label)}
        </MenuLinkItem>
      ))}
      <MenuLine />
      <MenuGroup label={t('theme.title')}>
        <MenuRadio
          value={theme}
          choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={setTheme}
        />
      </MenuGroup>
      <MenuLine />
      <MenuItem icon={<LogOut size={16} />} onSelect={leave}>
        {t('settings.logOut')}
      </MenuItem>
      <VersionLine />
    </Menu>
  )
}
