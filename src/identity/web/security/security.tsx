import { Password } from './password.tsx'
import { Sessions } from './sessions.tsx'

/** How one logs in, and where one is logged in. */
export const Security = () => (
  <div className="flex flex-col gap-14">
    <Password />
    <Sessions />
  </div>
)
