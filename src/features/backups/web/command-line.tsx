import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../ui/design/copy-button.tsx'
import { listOf } from '../../../ui/message.ts'

interface Props {
  typed: { readonly command: string; readonly settings: readonly string[] }
  what: string
}

/** A command for the server. */
export function CommandLine({ typed: { command, settings }, what }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <div className="mt-2 flex items-start justify-between gap-3 rounded-md border border-line bg-sunken py-1 pr-1 pl-3.5">
        <code className="wrap-anywhere min-w-0 py-1.5 font-mono text-sm leading-5">{command}</code>
        <CopyButton text={command} what={what} tone="plain" />
      </div>
      {settings.length > 0 && (
        <p className="wrap-anywhere mt-2 text-sm">{t('backups.withSettings', { names: listOf(settings) })}</p>
      )}
    </>
  )
}
