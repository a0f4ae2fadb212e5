import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { controlClass } from '../../../ui/design/field.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { textOf } from '../../../ui/message.ts'
import { MOST_REDIRECTS, redirectProblem } from '../../contract/redirects.ts'

interface Props {
  uris: readonly string[]
  /** What is wrong with the list as a whole. */
  error: string | undefined
  onChange(uris: string[]): void
}

/** Where a program may be sent back to, one address below the other; each is checked as the server does it. */
export function RedirectList({ uris, error, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const problems = uris.map(problemOf)
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={`${id}-note`}>
      <legend className="mb-1.5 font-medium text-sm">{t('settings.redirects')}</legend>
      {uris.map((uri, at) => (
        <Address
          // biome-ignore lint/suspicious/noArrayIndexKey: an address has nothing but its place
          key={at}
          number={at + 1}
          uri={uri}
          problem={problems[at] ?? null}
          asked={error !== undefined}
          onChange={(next) => onChange(uris.with(at, next))}
          onRemove={() => onChange(uris.toSpliced(at, 1))}
        />
      ))}
      {error && problems.every((problem) => problem === null) && (
        <p role="alert" className="text-signal-ink text-sm">
          {error}
        </p>
      )}
      <p id={`${id}-note`} className="text-ink-faint text-xs">
        {t('settings.redirectsNote')}
      </p>
      {uris.length < MOST_REDIRECTS && (
        <Button
          size="small"
          tone="plain"
          className="-ml-3 self-start"
          icon={<Plus size={15} aria-hidden="true" />}
          onClick={() => onChange([...uris, ''])}
        >
          {t('settings.addRedirect')}
        </Button>
      )}
    </fieldset>
  )
}

interface AddressProps {
  number: number
  uri: string
  problem: string | null
  /** Whether it was to be saved already. */
  asked: boolean
  onChange(uri: string): void
  onRemove(): void
}

function Address({ number, uri, problem, asked, onChange, onRemove }: AddressProps) {
  const { t } = useTranslation()
  const id = useId()
  // Who is still typing is not told off.
  const [left, setLeft] = useState(false)
  const shown = left || asked ? problem : null
  return (
    <div>
      <div className="flex gap-1">
        <input
          type="text"
          inputMode="url"
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          aria-label={t('settings.redirect', { number })}
          aria-invalid={shown !== null}
          aria-describedby={shown ? id : undefined}
          placeholder="https://app.example.org/callback"
          value={uri}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setLeft(true)}
          className={classes(controlClass, 'h-10 flex-1')}
        />
        <IconButton label={t('settings.removeRedirect', { number })} onClick={onRemove}>
          <X size={17} aria-hidden="true" />
        </IconButton>
      </div>
      {shown && (
        <p id={id} role="alert" className="mt-1 text-signal-ink text-sm">
          {t('settings.redirectProblem', { problem: shown })}
        </p>
      )}
    </div>
  )
}

function problemOf(uri: string): string | null {
  const problem = uri.trim() ? redirectProblem(uri.trim()) : null
  return problem && textOf(problem)
}

/** The addresses that were typed, without the empty lines. */
export const typedUris = (uris: readonly string[]): string[] => uris.map((uri) => uri.trim()).filter(Boolean)
