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
  value: readonly string[]
  /** An error of the list as a whole. */
  error: string | undefined
  onChange(uris: string[]): void
}

/** The redirect addresses of a program, one per line, checked like on the server. */
export function RedirectList({ value: uris, error, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const problems = uris.map(problemOf)
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={`${id}-note`}>
      <legend className="mb-1.5 font-medium text-sm">{t('settings.redirects')}</legend>
      {uris.map((uri, at) => (
        <Address
          // biome-ignore lint/suspicious/noArrayIndexKey: an address has no id besides its position
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
  /** Whether the person has tried to save. */
  asked: boolean
  onChange(uri: string): void
  onRemove(): void
}

function Address({ number, uri, problem, asked, onChange, onRemove }: AddressProps) {
  const { t } = useTranslation()
  const id = useId()
  // No error while the person is still typing.
  const [left, setLeft] = useState(false)
  const visibleProblem = left || asked ? problem : null
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
          aria-invalid={visibleProblem !== null}
          aria-describedby={visibleProblem ? id : undefined}
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
      {visibleProblem && (
        <p id={id} role="alert" className="mt-1 text-signal-ink text-sm">
          {t('settings.redirectProblem', { problem: visibleProblem })}
        </p>
      )}
    </div>
  )
}

function problemOf(uri: string): string | null {
  const problem = uri.trim() ? redirectProblem(uri.trim()) : null
  return problem && textOf(problem)
}

/** The entered addresses, without empty lines. */
export const typedUris = (uris: readonly string[]): string[] => uris.map((uri) => uri.trim()).filter(Boolean)
