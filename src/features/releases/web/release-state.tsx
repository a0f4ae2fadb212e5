import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../../core/declare/operation.ts'
import { useRead } from '../../../ui/query.ts'
import { find_newer_release, get_version } from '../contract/index.ts'

type Found = Output<typeof find_newer_release>

/** The version of the server, and whether there is a newer one. The first is shown without waiting for the second. */
export function ReleaseState() {
  const { t } = useTranslation()
  const running = useRead(get_version, {})
  const found = useRead(find_newer_release, {})
  const version = found.data?.version ?? running.data?.version
  return (
    <p className="figures wrap-anywhere min-h-6 text-ink-soft">
      {version && <span className="font-medium">{t('releases.version', { version })}</span>}
      {version && found.data && <Newer found={found.data} />}
    </p>
  )
}

function Newer({ found: { state, release, problem } }: { found: Found }) {
  const { t } = useTranslation()
  if (state === 'unknown') return ` – ${t('releases.unknown', { problem })}`
  // Shows nothing if RELEASES_URL is not set; `trek doctor` names that setting.
  if (state === 'not_asked') return null
  if (!release) return ` – ${t('releases.newest')}`
  return (
    <>
      {' – '}
      {t('releases.isOut', { version: release.version })}
      {release.url && (
        <>
          {': '}
          <a
            href={release.url}
            target="_blank"
            rel="noreferrer noopener"
            className="inline-flex items-center gap-1 text-pine-ink underline decoration-pine-ink/40 underline-offset-3 hover:decoration-pine-ink"
          >
            {t('releases.readAt', { host: new URL(release.url).host })}
            <ExternalLink size={13} aria-hidden="true" className="shrink-0" />
          </a>
        </>
      )}
    </>
  )
}
