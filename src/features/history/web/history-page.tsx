import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../ui/design/select.tsx'
import { usePeople } from '../../trips/web/people-picker.tsx'
import { ChangeList } from './change-list.tsx'

const EVERYBODY = ''

/** Who changed what in the trip, newest first. */
export function HistoryPage() {
  const { t } = useTranslation()
  const people = usePeople()
  const [person, setPerson] = useState(EVERYBODY)
  const choices = [
    { value: EVERYBODY, label: t('history.everybody') },
    ...people.map(({ user_id, name }) => ({ value: String(user_id), label: name })),
  ]
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-6 px-4 pt-6 pb-24 sm:px-6 sm:pt-10">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h2 className="title text-2xl">{t('history.title')}</h2>
          <p className="text-ink-soft">{t('history.about')}</p>
        </div>
        <div className="w-48">
          <Select bare label={t('history.who')} value={person} choices={choices} onChange={setPerson} />
        </div>
      </div>
      <ChangeList shown={person === EVERYBODY ? {} : { userId: Number(person) }} />
    </div>
  )
}
