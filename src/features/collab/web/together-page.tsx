import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { useWiderThan } from '../../../ui/media.ts'
import { useAddon } from '../../admin/web/instance.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { collab } from '../contract/index.ts'
import { Chat } from './chat.tsx'
import { useUnread } from './last-read.ts'
import { NotesBoard } from './notes-board.tsx'
import { PeopleProvider } from './people.tsx'
import { Polls } from './polls.tsx'

/** Notes, polls and chat. With the add-on off, only notes. */
export function TogetherPage() {
  const isOn = useAddon(collab)
  const isWide = useWiderThan('md')
  return (
    <PeopleProvider>
      {!isOn ? (
        <div className="mx-auto max-w-5xl px-4 pt-5 pb-16 sm:px-6 sm:pt-8">
          <NotesBoard />
        </div>
      ) : isWide ? (
        <SideBySide />
      ) : (
        <OneAtATime />
      )}
    </PeopleProvider>
  )
}

const SideBySide = () => (
  <div className="grid h-full grid-cols-[minmax(0,1fr)_clamp(20rem,34%,28rem)]">
    <div className="quiet-scroll flex min-h-0 flex-col gap-10 px-5 pt-6 pb-16 lg:px-8 xl:grid xl:grid-cols-[minmax(0,1fr)_20rem] xl:content-start xl:items-start xl:gap-8">
      <NotesBoard />
      <Polls />
    </div>
    <div className="min-h-0 border-line border-l bg-sunken">
      <Chat />
    </div>
  </div>
)

type View = 'chat' | 'notes' | 'polls'

function OneAtATime() {
  const { t } = useTranslation()
  const trip = useTrip()
  const [view, setView] = useState<View>('chat')
  const unread = useUnread(trip.id)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 justify-center border-line border-b bg-paper px-3 py-2">
        <Segmented
          label={t('together.views')}
          value={view}
          choices={[
            {
              value: 'chat',
              label: unread > 0 && view !== 'chat' ? t('together.chatUnread', { count: unread }) : t('together.chat'),
            },
            { value: 'notes', label: t('together.notes') },
            { value: 'polls', label: t('together.polls') },
          ]}
          onChange={setView}
        />
      </div>
      {view === 'chat' ? (
        <div className="min-h-0 flex-1 bg-sunken">
          <Chat />
        </div>
      ) : (
        <div className="quiet-scroll min-h-0 flex-1 px-4 pt-4 pb-10">
          {view === 'notes' ? <NotesBoard /> : <Polls />}
        </div>
      )}
    </div>
  )
}
