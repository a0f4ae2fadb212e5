import { useTranslation } from 'react-i18next'
import { useRead } from '../../../ui/query.ts'
import { get_version } from '../contract/index.ts'

/** The version of the server. Requested where it is shown: the page may have been open since before an update. */
export function VersionLine() {
  const { t } = useTranslation()
  const { data } = useRead(get_version, {})
  // Keeps its place, so that nothing moves under a finger.
  return <p className="figures h-7 px-2.5 py-1.5 text-ink-faint text-xs">{data && t('releases.version', data)}</p>
}
