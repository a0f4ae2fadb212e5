import { UserPlus } from 'lucide-react'
import type { ComponentProps, FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { TextField } from '../../../ui/design/field.tsx'
import { tell } from '../../../ui/design/toast.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { list_trip_members } from '../contract/index.ts'

interface Props extends Omit<ComponentProps<typeof TextField>, 'className'> {
  action: string
  primary?: boolean
  trouble: string | null
  busy: boolean
  /** Null if it was refused; the form then says why. */
  add(): Promise<{ member: { name: string } } | null>
}

/** One line that adds somebody to the trip. */
export function AddPerson({ action, primary, trouble, busy, add, ...field }: Props) {
  const { t } = useTranslation()

  async function submit(event: FormEvent) {
    event.preventDefault()
    const added = await add()
    if (!added) return
    field.onChange('')
    tell(t('members.wasAdded', { name: added.member.name }))
    await forget(list_trip_members)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <Trouble text={trouble} />
      <div className="flex items-start gap-2">
        <TextField {...field} className="flex-1" />
        <Button
          type="submit"
          {...(primary && { tone: 'primary' })}
          busy={busy}
          icon={<UserPlus size={16} aria-hidden="true" />}
          className="mt-6"
        >
          {action}
        </Button>
      </div>
    </form>
  )
}
