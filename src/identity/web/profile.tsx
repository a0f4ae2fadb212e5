import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/design/avatar.tsx'
import { Button } from '../../ui/design/button.tsx'
import { TextField } from '../../ui/design/field.tsx'
import { Segmented } from '../../ui/design/segmented.tsx'
import { tell } from '../../ui/design/toast.tsx'
import { useForm } from '../../ui/form/form.ts'
import { Trouble } from '../../ui/form/trouble.tsx'
import { queries } from '../../ui/query.ts'
import { setTheme, THEMES, useTheme } from '../../ui/theme.ts'
import { update_me } from '../contract/index.ts'
import { useMe, whoAmI } from './session.ts'

export function Profile() {
  const { t } = useTranslation()
  const me = useMe()
  const theme = useTheme()
  const form = useForm(update_me, { name: me.name })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const saved = await form.submit(({ name }) => ({ name }))
    if (!saved) return
    queries.setQueryData(whoAmI.queryKey, saved.user)
    tell(t('saved'))
  }

  return (
    <div className="flex flex-col gap-10">
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <div className="flex items-center gap-4">
          <Avatar name={me.name} userId={me.id} size="large" />
          <div>
            <p className="font-medium text-lg">@{me.username}</p>
            <p className="text-ink-soft">{me.email}</p>
          </div>
        </div>
        <Trouble form={form} />
        <TextField
          label={t('settings.name')}
          note={t('settings.nameNote')}
          autoComplete="name"
          {...form.bind('name')}
        />
        <Button type="submit" tone="primary" busy={form.busy} className="self-start">
          {t('save')}
        </Button>
      </form>
      <section aria-labelledby="theme">
        <h2 id="theme" className="mb-3 font-semibold text-lg">
          {t('theme.title')}
        </h2>
        <Segmented
          label={t('theme.title')}
          value={theme}
          choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={setTheme}
        />
      </section>
    </div>
  )
}
