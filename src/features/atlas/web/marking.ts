import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { tell } from '../../../ui/design/toast.tsx'
import { inserted, removed, useAct } from '../../../ui/live/act.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { mark_country_visited, unmark_country_visited, VisitedCountry } from '../contract/index.ts'
import { countryName } from './countries.ts'

/** Marks and unmarks countries as visited; both can be undone. */
export function useMarking() {
  const { t } = useTranslation()
  const me = useMe()
  const act = useAct()
  const visited = useRows(VisitedCountry)

  const add = (country_code: string) =>
    act(
      mark_country_visited,
      { country_code },
      [inserted(VisitedCountry, { user_id: me.id, country_code, created_at: '' })],
      (output) => [VisitedCountry, output.country],
    )
  const take = (country_code: string) => {
    const row = visited.find((country) => country.country_code === country_code)
    return act(unmark_country_visited, { country_code }, row ? [removed(VisitedCountry, row.id)] : [])
  }

  return {
    async mark(code: string) {
      if (!(await add(code))) return
      tell(t('atlas.wasMarked', { country: countryName(code) }), {
        undo: () => void act(unmark_country_visited, { country_code: code }),
        undoLabel: t('undo'),
      })
    },
    async unmark(code: string) {
      if (!(await take(code))) return
      tell(t('atlas.wasUnmarked', { country: countryName(code) }), { undo: () => void add(code), undoLabel: t('undo') })
    },
  }
}
