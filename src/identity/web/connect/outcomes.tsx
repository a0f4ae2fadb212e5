import { Check, Hourglass, PowerOff, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../../ui/design/class-names.ts'
import { Skeleton } from '../../../ui/design/states.tsx'
import { ConnectPage, Said, ToTrips } from './page.tsx'
import type { ConsentChoice } from './use-decision.ts'

interface Props {
  name: string
  answer: ConsentChoice
}

/** Shown during the redirect to the program. */
export function Going({ name, answer }: Props) {
  const { t } = useTranslation()
  return (
    <ConnectPage busy>
      <Said
        mark={
          <span className="size-12 animate-spin rounded-full border-4 border-line border-t-pine" aria-hidden="true" />
        }
        title={answer === 'allow' ? t('connect.going') : t('connect.goingBack')}
      >
        <p>{t('connect.goingTo', { name })}</p>
      </Said>
    </ConnectPage>
  )
}

/** Shown if the tab stays open after the answer: a local program shows no page of its own. */
export function Left({ name, answer }: Props) {
  const { t } = useTranslation()
  return (
    <ConnectPage>
      <Said
        mark={
          answer === 'allow' ? (
            <OutcomeMark tone="pine">
              <Check size={26} strokeWidth={2.5} />
            </OutcomeMark>
          ) : (
            <OutcomeMark>
              <X size={26} strokeWidth={2.5} />
            </OutcomeMark>
          )
        }
        title={answer === 'allow' ? t('connect.letIn', { name }) : t('connect.turnedAway', { name })}
      >
        <p>{t('connect.closeTab', { name })}</p>
        {answer === 'allow' && <p className="text-base text-ink-faint">{t('connect.noReaction', { name })}</p>}
      </Said>
    </ConnectPage>
  )
}

/** The request expired, was answered, or began in another browser. */
export const Over = () => <NotNow what="over" mark={<Hourglass size={24} />} />

/** Nobody can be admitted at present. */
export const SwitchedOff = () => <NotNow what="switchedOff" mark={<PowerOff size={24} />} />

/** Explains why there is nothing to approve, and what to do. */
function NotNow({ what, mark }: { what: 'over' | 'switchedOff'; mark: ReactNode }) {
  const { t } = useTranslation()
  return (
    <ConnectPage>
      <Said mark={<OutcomeMark>{mark}</OutcomeMark>} title={t(`connect.${what}`)}>
        <p>{t(`connect.${what}Why`)}</p>
        <p>{t(`connect.${what}Remedy`)}</p>
        <ToTrips />
      </Said>
    </ConnectPage>
  )
}

/** The placeholder of a loading request. */
export function Waiting() {
  const { t } = useTranslation()
  return (
    <ConnectPage busy>
      <div className="flex flex-col gap-5 p-5 sm:p-8" role="status" aria-label={t('loading')}>
        <Skeleton className="h-12 w-32" />
        <Skeleton className="h-9 w-3/4" />
        <Skeleton className="h-24" />
        <Skeleton className="h-56" />
      </div>
    </ConnectPage>
  )
}

/** A round symbol above the text. */
export const OutcomeMark = ({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'pine' | 'signal'
  children: ReactNode
}) => (
  <span
    aria-hidden="true"
    className={classes(
      'flex size-14 items-center justify-center rounded-full',
      tone === 'pine' && 'bg-pine text-on-pine',
      tone === 'signal' && 'bg-signal-soft text-signal-ink',
      tone === 'plain' && 'bg-hover text-ink-soft',
    )}
  >
    {children}
  </span>
)
