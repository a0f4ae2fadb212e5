import { useSearch } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { OutcomeMark } from './outcomes.tsx'
import { ConnectPage, Said, ToTrips } from './page.tsx'

/** Errors that cannot be reported to the program. Shows nothing of the URL: anyone can write one. */
const KNOWN = [
  'invalid_client',
  'invalid_client_metadata',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'login_required',
  'not_found',
  'server_error',
  'session_not_found',
  'too_many_requests',
] as const

const wordsFor = (code: string | undefined) => KNOWN.find((problem) => problem === code) ?? 'other'

/** Explains a request for access that cannot continue. */
export function ProblemPage() {
  const { t } = useTranslation()
  const { error } = useSearch({ from: '/oauth/problem' })
  const problem = wordsFor(error)
  return (
    <ConnectPage>
      <Said
        mark={
          <OutcomeMark tone="signal">
            <Unplug size={24} />
          </OutcomeMark>
        }
        title={t('connect.problemTitle')}
      >
        <p>{t(`connect.problems.${problem}.what`)}</p>
        <p>{t(`connect.problems.${problem}.remedy`)}</p>
        <ToTrips />
      </Said>
    </ConnectPage>
  )
}
