import { AppWindow } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../../core/declare/operation.ts'
import { calendarDay } from '../../../../ui/dates.ts'
import { AskFirst } from '../../../../ui/design/ask-first.tsx'
import { Badge } from '../../../../ui/design/badge.tsx'
import { tell } from '../../../../ui/design/toast.tsx'
import { useAct } from '../../../../ui/live/act.ts'
import { listOf } from '../../../../ui/message.ts'
import { forget } from '../../../../ui/query.ts'
import { delete_any_oauth_client, list_all_oauth_clients, list_all_oauth_grants } from '../../contract/index.ts'
import { AccessEntry } from './entry.tsx'
import { AccessList } from './listing.tsx'
import { type Sought, usePages } from './use-pages.ts'

type Program = Output<typeof list_all_oauth_clients>['clients'][number]

/** All known programs, whoever registered them. */
export function Programs({ sought, now }: { sought: Sought; now: number }) {
  const { t } = useTranslation()
  const list = usePages(list_all_oauth_clients, sought, ({ clients }) => clients)
  const [asking, setAsking] = useState<Program | null>(null)
  return (
    <>
      <AccessList
        title={t('admin.programs')}
        note={t('admin.programsNote')}
        list={list}
        searching={sought.search !== undefined}
        empty={{ title: t('admin.noPrograms'), body: t('admin.noProgramsBody') }}
        row={(program) => (
          <AccessEntry
            icon={AppWindow}
            name={program.name}
            badges={<Badge>{t(`admin.source.${program.source}`)}</Badge>}
            person={program.owner}
            facts={[listOf(program.redirect_hosts), t('admin.since', { date: calendarDay(program.created_at) })]}
            lastUse={program.last_used_at}
            now={now}
            done={t('admin.connections', { count: program.grants })}
            action={t('delete')}
            onAct={() => setAsking(program)}
          />
        )}
      />
      <Remove program={asking} onClose={() => setAsking(null)} />
    </>
  )
}

function Remove({ program, onClose }: { program: Program | null; onClose(): void }) {
  const { t } = useTranslation()
  const act = useAct()
  const name = program?.name

  async function remove() {
    if (!program) return
    if (await act(delete_any_oauth_client, { client_id: program.id })) tell(t('admin.programDeleted', { name }))
    onClose()
    await forget(list_all_oauth_clients, list_all_oauth_grants)
  }

  return (
    <AskFirst
      open={program !== null}
      onClose={onClose}
      title={t('admin.deleteProgramTitle', { name })}
      body={program ? t(`admin.deleteProgramBody.${program.source}`, { count: program.grants }) : ''}
      action={t('delete')}
      onDo={remove}
    />
  )
}
