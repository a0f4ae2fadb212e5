import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../../../../ui/design/button.tsx'
import { Notice } from '../../../../ui/design/notice.tsx'
import { SearchField } from '../../../../ui/design/search-field.tsx'
import { useNow } from '../../../../ui/now.ts'
import { adminTab } from '../admin-tab.ts'
import { useInstanceAddons } from '../instance.ts'
import { Grants } from './grants.tsx'
import { Programs } from './programs.tsx'
import { StaticTokens } from './tokens.tsx'
import type { Sought } from './use-pages.ts'

const TYPING_MS = 250

/** All access by assistants and programs, of all users. */
export function McpAccess() {
  const { t } = useTranslation()
  const now = useNow()
  const isOn = useInstanceAddons()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim().slice(0, 100))
  const sought: Sought = search ? { search } : {}
  return (
    <div className="flex flex-col gap-10">
      <div className="flex flex-col gap-4">
        <p className="max-w-prose text-ink-soft">
          {t('admin.accessNote')}{' '}
          <Link
            to="/settings"
            search={{ tab: 'integrations' }}
            className="font-medium text-pine-ink underline decoration-pine-ink/40 underline-offset-4 hover:decoration-pine-ink"
          >
            {t('admin.ownAccess')}
          </Link>
        </p>
        {!isOn('mcp') && (
          <Notice
            tone="warning"
            action={
              <Link {...adminTab('addons')} className={buttonClass('quiet', 'small')}>
                {t('admin.addons')}
              </Link>
            }
          >
            {t('admin.mcpIsOff')}
          </Notice>
        )}
        <SearchField label={t('admin.searchAccess')} value={typed} onChange={setTyped} className="h-10" />
      </div>
      <Grants sought={sought} now={now} />
      <Programs sought={sought} now={now} />
      <StaticTokens sought={sought} now={now} />
    </div>
  )
}

/** The text once typing pauses. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
