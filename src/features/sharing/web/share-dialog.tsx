import { Check, Copy, ExternalLink, Link2, Link2Off } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../../ui/base-path.ts'
import { call, reasonOf } from '../../../ui/call.ts'
import { calendarDay } from '../../../ui/dates.ts'
import { AskFirst } from '../../../ui/design/ask-first.tsx'
import { Button, buttonClass } from '../../../ui/design/button.tsx'
import { Dialog } from '../../../ui/design/dialog.tsx'
import { controlClass } from '../../../ui/design/field.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { tell, tellTrouble } from '../../../ui/design/toast.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { forget, useRead } from '../../../ui/query.ts'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import {
  create_share_link,
  delete_share_link,
  get_share_link,
  type Link,
  ShareLink,
  share_manage,
} from '../contract/index.ts'
import { type Flags, flagsOf, USUAL_FLAGS, WhatIsShown } from './what-is-shown.tsx'

export function ShareDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('sharing.title')} description={t('sharing.body')}>
      <Share />
    </Dialog>
  )
}

function Share() {
  const { t } = useTranslation()
  const trip = useTrip()
  const may = useRights(useMyRole())(share_manage)
  const links = useRows(ShareLink)
  const { data, error, isPending, refetch } = useRead(get_share_link, { tripId: trip.id })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed link must trigger a new request
  useEffect(() => void forget(get_share_link), [links])
  if (isPending) return <Skeleton className="h-48" />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  const { link } = data
  if (link && !link.expired) return <OpenLink link={link} may={may} />
  if (!may) return <p className="py-2 text-ink-soft">{t('sharing.notYours')}</p>
  return <NewLink expired={link} />
}

/** Changes or makes the link, and reports failures. */
function useChange(link?: Link) {
  const trip = useTrip()
  return async (change: Partial<Flags> & { expires_in_days?: number }): Promise<boolean> => {
    try {
      await call(create_share_link, { tripId: trip.id, linkId: link?.id, ...change })
      return true
    } catch (error) {
      tellTrouble(reasonOf(error))
      return false
    } finally {
      await forget(get_share_link)
    }
  }
}

const TERMS = [7, 30, 90, 180, 365] as const
const USUAL_TERM = 90

function NewLink({ expired }: { expired: Link | null }) {
  const { t } = useTranslation()
  const change = useChange()
  const [flags, setFlags] = useState<Flags>(expired ? flagsOf(expired) : USUAL_FLAGS)
  const [term, setTerm] = useState<number>(USUAL_TERM)
  const [busy, setBusy] = useState(false)

  async function make() {
    setBusy(true)
    await change({ ...flags, expires_in_days: term })
    setBusy(false)
  }

  return (
    <div className="flex flex-col gap-5">
      {expired && <Notice tone="warning">{t('sharing.hasExpired', { date: calendarDay(expired.expires_at) })}</Notice>}
      <WhatIsShown flags={flags} onChange={(clicked) => setFlags({ ...flags, ...clicked })} />
      <Select
        label={t('sharing.lasts')}
        value={term}
        choices={TERMS.map((days) => ({ value: days, label: t('sharing.term', { count: days }) }))}
        onChange={setTerm}
      />
      <Button
        tone="primary"
        busy={busy}
        icon={<Link2 size={17} aria-hidden="true" />}
        onClick={() => void make()}
        className="self-end"
      >
        {expired ? t('sharing.makeAgain') : t('sharing.make')}
      </Button>
    </div>
  )
}

function OpenLink({ link, may }: { link: Link; may: boolean }) {
  const { t } = useTranslation()
  const change = useChange(link)
  const trip = useTrip()
  const [ending, setEnding] = useState(false)
  // Shown at once; the server's state shows again once all requests are answered.
  const [guess, setGuess] = useState<Partial<Flags>>({})
  const sending = useRef<Promise<unknown>>(Promise.resolve())
  const flags = { ...flagsOf(link), ...guess }

  /** Sends only the clicked switch, one change after another, so that the last click on a switch decides. */
  async function show(clicked: Partial<Flags>) {
    setGuess((before) => ({ ...before, ...clicked }))
    const sent = sending.current.then(() => change(clicked))
    sending.current = sent
    await sent
    if (sending.current === sent) setGuess({})
  }

  async function extend(expires_in_days: number) {
    if (expires_in_days && (await change({ expires_in_days }))) tell(t('sharing.wasExtended'))
  }

  async function end() {
    try {
      await call(delete_share_link, { tripId: trip.id })
      tell(t('sharing.wasEnded'))
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
    setEnding(false)
    await forget(get_share_link)
  }

  const until = t('sharing.until', { date: calendarDay(link.expires_at) })
  return (
    <div className="flex flex-col gap-5">
      <Address token={link.token} />
      {may ? (
        <>
          <WhatIsShown flags={flags} onChange={(clicked) => void show(clicked)} />
          <Select
            label={t('sharing.lasts')}
            value={0}
            choices={[
              { value: 0, label: until },
              ...TERMS.map((days) => ({ value: days as number, label: t('sharing.fromNow', { count: days }) })),
            ]}
            onChange={(days) => void extend(days)}
          />
          <Button
            tone="plain"
            icon={<Link2Off size={16} aria-hidden="true" />}
            onClick={() => setEnding(true)}
            className="-ml-3 self-start px-3 text-signal-ink"
          >
            {t('sharing.end')}
          </Button>
        </>
      ) : (
        <p className="text-ink-soft">
          {until}. {t('sharing.notYoursToChange')}
        </p>
      )}
      <AskFirst
        open={ending}
        onClose={() => setEnding(false)}
        title={t('sharing.endTitle')}
        body={t('sharing.endBody')}
        action={t('sharing.endDo')}
        onDo={end}
      />
    </div>
  )
}

/** The address of the link, with a button to copy it. */
function Address({ token }: { token: string }) {
  const { t } = useTranslation()
  const address = addressOf(`/shared/${token}`)
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2500)
    return () => clearTimeout(timer)
  }, [copied])

  async function copy() {
    // Over plain HTTP browsers have no clipboard, so the address is selected, to be copied by hand.
    const done = await navigator.clipboard?.writeText(address).then(
      () => true,
      () => false,
    )
    if (done) setCopied(true)
    else document.querySelector<HTMLInputElement>('#share-address')?.select()
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="flex gap-2">
        <input
          id="share-address"
          readOnly
          aria-label={t('sharing.address')}
          value={address}
          onFocus={(event) => event.target.select()}
          className={`${controlClass} h-10 flex-1 truncate text-ink-soft`}
        />
        <Button
          tone="primary"
          icon={copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
          onClick={() => void copy()}
        >
          {copied ? t('sharing.copied') : t('copy')}
        </Button>
      </div>
      <a
        href={address}
        target="_blank"
        rel="noreferrer"
        className={`${buttonClass('plain', 'small')} -ml-3 self-start text-pine-ink`}
      >
        <ExternalLink size={14} aria-hidden="true" />
        {t('sharing.look')}
      </a>
    </div>
  )
}
