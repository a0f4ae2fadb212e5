import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { inserted, removed, useAct } from '../../../ui/live/act.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { tellUndoable } from '../../history/web/undo.ts'
import { mark_country_visited, unmark_country_visited, VisitedCountry } from '../contract/index.ts'
import { countryName } from './countries.ts'

/** Marks and unmarks countries as visited; both can be undone. */
export function useMarking() {
  const { t } = useTranslation()
  const me = useMe()
  const act = useAct()
  const visited = useRows(VisitedCountry)

  return {
    async mark(country_code: string) {
      const marked = await act(
        mark_country_visited,
        { country_code },
        [inserted(VisitedCountry, { user_id: me.id, country_code, created_at: '' })],
        (output) => [VisitedCountry, output.country],
      )
      if (marked) tellUndoable(t('atlas.wasMarked', { country: countryName(country_code) }), marked)
    },
    async unmark(country_code: string) {
      const row = visited.find((country) => country.country_code === country_code)
      const unmarked = await act(unmark_country_visited, { country_code }, row ? [removed(VisitedCountry, row.id)] : [])
      if (unmarked) tellUndoable(t('atlas.wasUnmarked', { country: countryName(country_code) }), unmarked)
    },
  }
}
