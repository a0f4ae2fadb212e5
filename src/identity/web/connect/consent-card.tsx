import { useNavigate } from '@tanstack/react-router'
import { LockOpen, UserRound, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonOf } from '../../../ui/call.ts'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { Notice } from '../../../ui/design/notice.tsx'
import { PageTitle } from '../../../ui/design/page-title.tsx'
import { tellTrouble } from '../../../ui/design/toast.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { listOf, titleOf } from '../../../ui/message.ts'
import type { ConsentRequest } from '../../contract/consent.ts'
import type { Person } from '../../contract/person.ts'
import { logOut } from '../session.ts'
import { ConnectPage } from './page.tsx'
import { consentPage } from './request.ts'
import { ScopeChoice } from './scope-choice.tsx'
import type { ConsentChoice } from './use-decision.ts'
import { Fact, Facts, Pair, Warnings } from './who-asks.tsx'

interface Props {
  uid: string
  user: Person
  asked: ConsentRequest
  chosen: ReadonlySet<string>
  onChoose(chosen: ReadonlySet<string>): void
  /** Another person has logged in since the page opened. */
  isAnother: boolean
  /** The program's description has changed since the page opened. */
  isChanged: boolean
  trouble: string | null
  busy: ConsentChoice | null
  onAnswer(answer: ConsentChoice): void
}

/** The program, the requested access and the person, with the buttons to decide. */
export function ConsentCard(props: Props) {
  const { uid, user, asked, chosen, onChoose, isAnother, isChanged, trouble, busy, onAnswer } = props
  const { t } = useTranslation()
  const [nothing, setNothing] = useState(false)
  const { client, scopes, fixed, not_yours } = asked
  const { name } = client

  function allow() {
    const isNothing = !fixed && chosen.size === 0
    setNothing(isNothing)
    if (!isNothing) onAnswer('allow')
  }

  return (
    <ConnectPage wide={scopes.length > 8}>
      <div className="flex flex-col gap-5 p-5 sm:p-8">
        <PageTitle of={[t('connect.title', { name })]} />
        <Pair name={name} user={user} />
        <div>
          <h1 className={classes('title wrap-anywhere text-2xl', name.length < 40 && 'sm:text-3xl')}>
            {t('connect.title', { name })}
          </h1>
          {!not_yours && (
            <p className="mt-2 text-ink-soft text-lg">{fixed ? t('connect.introFixed') : t('connect.intro')}</p>
          )}
        </div>
        {isAnother && (
          <Notice tone="warning" icon={UsersRound} urgent>
            {t('connect.another', { name: user.name })}
          </Notice>
        )}
        {isChanged && (
          <Notice tone="warning" urgent>
            {t('connect.changed')}
          </Notice>
        )}
        {not_yours ? (
          <Notice tone="warning" icon={UsersRound}>
            {t('connect.notYours')}
          </Notice>
        ) : (
          <Warnings client={client} />
        )}
        <Facts client={client} isYours={!not_yours}>
          <Fact icon={<UserRound size={18} />} name={t('connect.loggedInAs')}>
            <span className="font-medium">{user.name}</span> <span className="text-ink-faint">{user.username}</span>
            <SomebodyElse uid={uid} disabled={busy !== null} />
          </Fact>
        </Facts>
        {!not_yours && (
          <section aria-labelledby="what-it-may-do">
            <div className="mb-4 flex items-baseline justify-between gap-4">
              <h2 id="what-it-may-do" className="title text-xl">
                {t('connect.mayDo')}
              </h2>
              {!fixed && scopes.length > 1 && (
                <p className="figures shrink-0 text-ink-faint text-sm">
                  {t('connect.count', { count: chosen.size, of: scopes.length })}
                </p>
              )}
            </div>
            <ScopeChoice
              scopes={scopes}
              chosen={chosen}
              disabled={busy !== null}
              {...(!fixed && {
                onChoose: (next: ReadonlySet<string>) => {
                  setNothing(false)
                  onChoose(next)
                },
              })}
            />
            {asked.always.length > 0 && (
              <p className="flex gap-2.5 border-line border-t pt-4 text-ink-soft text-sm">
                <LockOpen size={16} aria-hidden="true" className="mt-px shrink-0 text-ink-faint" />
                {t('connect.always', {
                  tools: listOf(asked.always.map(({ name, title }) => titleOf('operations', name, title))),
                })}
              </p>
            )}
          </section>
        )}
      </div>
      <footer className="sticky bottom-0 flex flex-col gap-3 rounded-b-xl border-line border-t bg-surface px-5 py-4 sm:px-8">
        <Trouble text={nothing ? t('connect.nothing') : trouble} />
        <div className="flex items-center gap-3">
          <p className="hidden flex-1 text-ink-faint text-sm md:block">{!not_yours && t('connect.anyTime')}</p>
          <Button
            size="large"
            className="flex-1 md:flex-none"
            disabled={busy !== null}
            busy={busy === 'deny'}
            onClick={() => onAnswer('deny')}
          >
            {t('connect.deny')}
          </Button>
          {!not_yours && (
            <Button
              size="large"
              tone="primary"
              className="flex-1 md:min-w-40 md:flex-none"
              disabled={busy !== null}
              busy={busy === 'allow'}
              onClick={allow}
            >
              {t('connect.allow')}
            </Button>
          )}
        </div>
      </footer>
    </ConnectPage>
  )
}

/** Logs out and returns here after the next login. */
function SomebodyElse({ uid, disabled }: { uid: string; disabled: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  async function leave() {
    try {
      await logOut()
      await navigate({ to: '/login', search: { to: consentPage(uid) }, replace: true })
    } catch (error) {
      tellTrouble(reasonOf(error))
    }
  }
  return (
    <span className="block text-sm">
      {t('connect.notYou')}{' '}
      <button
        type="button"
        disabled={disabled}
        onClick={() => void leave()}
        className="rounded-sm text-pine-ink underline underline-offset-2 hover:no-underline"
      >
        {t('connect.somebodyElse')}
      </button>
    </span>
  )
}
