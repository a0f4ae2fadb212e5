import { Password } from './password.tsx'
import { Sessions } from './sessions.tsx'

/** Password and sessions. */
export const Security = () => (
  <div className="flex flex-col gap-14">
    <Password />
    <Sessions />
  </div>
)
