import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, reasonOf } from '../../../../ui/call.ts'
import { Button } from '../../../../ui/design/button.tsx'
import { Menu, MenuItem } from '../../../../ui/design/menu.tsx'
import { tell, tellTrouble } from '../../../../ui/design/toast.tsx'
import { saveAs } from '../../../../ui/save-as.ts'
import { list_audit } from '../../contract/index.ts'
import { csvOf, gathered, MOST_EXPORTED } from './exported.ts'
import type { Filter } from './filter.ts'

/** Saves the filtered entries as a file. */
export function AuditExport({ filter, disabled }: { filter: Filter; disabled: boolean }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)

  async function save(form: 'csv' | 'json') {
    setBusy(true)
    try {
      const entries = await gathered((page) => call(list_audit, { ...filter, ...page }))
      const name = `trek-audit-${new Date().toISOString().slice(0, 10)}.${form}`
      if (form === 'csv') saveAs(name, await csvOf(entries), 'text/csv')
      else saveAs(name, `${JSON.stringify(entries, null, 2)}\n`, 'application/json')
      if (entries.length === MOST_EXPORTED) tell(t('admin.exportedSome', { count: entries.length }))
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    setBusy(false)
  }

  return (
    <Menu
      trigger={
        <Button size="small" busy={busy} disabled={disabled} icon={<Download size={14} aria-hidden="true" />}>
          {t('admin.export')}
        </Button>
      }
    >
      <MenuItem onSelect={() => void save('csv')}>{t('admin.exportCsv')}</MenuItem>
      <MenuItem onSelect={() => void save('json')}>{t('admin.exportJson')}</MenuItem>
    </Menu>
  )
}
