import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../../../ui/design/button.tsx'
import { Notice } from '../../../ui/design/notice.tsx'
import { Section } from '../../../ui/design/section.tsx'
import { useRemembered } from '../../../ui/remembered.ts'
import type { Access } from './endpoint.tsx'
import { Pick } from './pick.tsx'
import { PROGRAMS, recipeFor } from './programs.ts'
import { reachOf } from './reach.ts'
import { Steps } from './steps.tsx'

/** How to connect each of the usual programs to this server. */
export function Connect({ access }: { access: Access }) {
  const { t } = useTranslation()
  const [remembered, remember] = useRemembered<string>('assistant', '')
  const worldwide = reachOf(access.url) === 'world'
  // The initial choice can reach this server.
  const usual = PROGRAMS.find(({ id }) => worldwide || !recipeFor(id, access.url).cloud) ?? PROGRAMS[0]
  const program = PROGRAMS.find(({ id }) => id === remembered) ?? usual
  const recipe = recipeFor(program.id, access.url)
  const name = program.name ?? t('settings.otherProgram')
  return (
    <Section title={t('settings.connect')} note={t('settings.connectNote')}>
      <Pick
        label={t('settings.program')}
        value={program.id}
        choices={PROGRAMS.map(({ id, name }) => ({ value: id, label: name ?? t('settings.otherProgram') }))}
        onChange={remember}
      />
      <section
        aria-label={t('settings.connectProgram', { name })}
        className="flex flex-col gap-5 rounded-lg border border-line bg-surface p-4 sm:p-5"
      >
        {recipe.cloud && !worldwide && <Notice tone="warning">{t('settings.needsPublic', { name })}</Notice>}
        {recipe.link && (
          <a href={recipe.link} className={`${buttonClass('primary')} self-start`}>
            <ExternalLink size={16} aria-hidden="true" />
            {t('settings.openIn', { name })}
          </a>
        )}
        <Steps recipe={recipe} />
      </section>
    </Section>
  )
}
