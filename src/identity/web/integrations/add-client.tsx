import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InputOf } from '../../../ui/call.ts'
import { TextArea, TextField } from '../../../ui/design/field.tsx'
import { Fold } from '../../../ui/design/fold.tsx'
import { useForm } from '../../../ui/form/form.ts'
import { FormActions } from '../../../ui/form/form-actions.tsx'
import { Trouble } from '../../../ui/form/trouble.tsx'
import { forget } from '../../../ui/query.ts'
import { create_oauth_client, list_oauth_clients, list_oauth_grants } from '../../contract/oauth.ts'
import { CLIENT_PRESETS, USEFUL_SCOPES } from '../../contract/presets.ts'
import type { Shown } from './fresh-client.tsx'
import { MachineTick } from './machine-tick.tsx'
import { Pick } from './pick.tsx'
import { RedirectList, typedUris } from './redirect-list.tsx'
import { ScopePicker } from './scope-picker.tsx'

type Keys = InputOf<typeof create_oauth_client>['public_keys']

const CUSTOM = 'custom'

const presetValues = (id: string) => {
  const preset = CLIENT_PRESETS.find((one) => one.id === id)
  return {
    name: preset?.name ?? '',
    redirect_uris: preset ? [preset.redirect_uri, ...preset.more_redirect_uris] : [''],
    scopes: [...(preset?.scopes ?? USEFUL_SCOPES)],
  }
}

interface Props {
  onMade(client: Shown): void
  onClose(): void
}

/** Adds a program that cannot register itself. */
export function AddClient({ onMade, onClose }: Props) {
  const { t } = useTranslation()
  const [preset, setPreset] = useState<string>(CLIENT_PRESETS[0]?.id ?? CUSTOM)
  const form = useForm(create_oauth_client, { ...presetValues(preset), machine: false, keys: '' })
  const { values, set } = form
  const keys = form.bind('keys', 'public_keys')
  const [notJson, setNotJson] = useState(false)

  function choose(next: string) {
    setPreset(next)
    const { name, redirect_uris, scopes } = presetValues(next)
    set('name', name)
    set('redirect_uris', redirect_uris)
    set('scopes', scopes)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const publicKeys = parsed(values.keys)
    setNotJson(publicKeys === undefined)
    if (publicKeys === undefined) return
    const created = await form.submit({
      name: values.name,
      redirect_uris: values.machine ? [] : typedUris(values.redirect_uris),
      scopes: values.scopes,
      machine: values.machine,
      ...(publicKeys && { public_keys: publicKeys }),
    })
    if (!created) return
    onMade({ client: created.client, secret: created.client_secret, preset })
    await forget(list_oauth_clients, list_oauth_grants)
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Pick
        label={t('settings.preset')}
        value={preset}
        choices={[
          ...CLIENT_PRESETS.map(({ id, name }) => ({ value: id, label: name })),
          { value: CUSTOM, label: t('settings.customClient') },
        ]}
        onChange={choose}
      />
      <Trouble form={form} />
      <TextField label={t('settings.clientName')} autoComplete="off" {...form.bind('name')} />
      <MachineTick {...form.bind('machine')} />
      {!values.machine && <RedirectList key={preset} {...form.bind('redirect_uris')} />}
      <ScopePicker key={`scopes ${preset}`} open={preset === CUSTOM} {...form.bind('scopes')} />
      <Fold summary={t('settings.keysInstead')}>
        <TextArea
          label={t('settings.publicKeys')}
          hint={t('form.optional')}
          note={t('settings.publicKeysNote')}
          rows={5}
          spellCheck={false}
          className="font-mono"
          placeholder={'{ "keys": [{ "kty": "EC", … }] }'}
          {...keys}
          error={notJson ? t('settings.keysNotJson') : keys.error}
          onChange={(text) => {
            setNotJson(false)
            keys.onChange(text)
          }}
        />
      </Fold>
      <FormActions submit={t('settings.addClient')} busy={form.busy} onCancel={onClose} />
    </form>
  )
}

/** The pasted keys; null for none, undefined for invalid JSON. The schema checks their content. */
function parsed(text: string): Keys | null | undefined {
  if (!text.trim()) return null
  try {
    return JSON.parse(text) as Keys
  } catch {
    return undefined
  }
}
