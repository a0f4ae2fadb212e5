import { ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { useRead } from '../../../ui/query.ts'
import { get_mcp_access } from '../../contract/oauth.ts'
import { Assistants } from './assistants.tsx'
import { Clients } from './clients.tsx'
import { Connect } from './connect.tsx'
import { Endpoint } from './endpoint.tsx'
import { Tokens } from './tokens.tsx'

/** How to connect assistants and other programs, and which are connected. */
export function Integrations() {
  const access = useRead(get_mcp_access, {})
  if (access.isPending) return <Loading />
  if (access.isError) return <ErrorState error={access.error} onRetry={() => void access.refetch()} />
  return (
    <div className="flex flex-col gap-14">
      <Endpoint access={access.data} />
      {access.data.enabled && <Connect access={access.data} />}
      <Assistants enabled={access.data.enabled} />
      <Clients url={access.data.enabled ? access.data.url : null} />
      <Tokens />
    </div>
  )
}

const Loading = () => (
  <div className="flex flex-col gap-6" aria-busy="true">
    <Skeleton className="h-44" />
    <Skeleton className="h-72" />
    <Skeleton className="h-32" />
  </div>
)
