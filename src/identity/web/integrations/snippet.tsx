import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import type { Snippet as Text } from './programs.ts'

/** Text to paste elsewhere. */
export function Snippet({ file, text }: Text) {
  const { t } = useTranslation()
  if (!file) {
    return (
      <div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3">
        <pre className="wrap-anywhere min-w-0 flex-1 select-all whitespace-pre-wrap py-1.5 font-mono text-sm">
          {text}
        </pre>
        <CopyButton text={text} what={t('settings.copyWhat', { what: text })} tone="plain" />
      </div>
    )
  }
  return (
    <figure className="overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="flex items-center justify-between gap-3 border-line border-b bg-surface py-1.5 pr-1.5 pl-3 text-ink-soft text-xs">
        <span className="wrap-anywhere font-mono">{file}</span>
        <CopyButton text={text} what={t('settings.copyWhat', { what: file })} tone="plain" />
      </figcaption>
      <section
        aria-label={file}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto px-3 py-2.5 -outline-offset-2"
      >
        <pre className="w-max select-all font-mono text-sm">{text}</pre>
      </section>
    </figure>
  )
}
