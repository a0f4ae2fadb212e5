import { DELETED_KEPT_DAYS } from '../core/declare/retention.ts'
import { wholeNumber } from './values.ts'
import { variable } from './variable.ts'

/** What the change log keeps. */
export const HISTORY = {
  HISTORY_DAYS: variable({
    ...wholeNumber(DELETED_KEPT_DAYS, 36_500, 'a number of days'),
    default: '90',
    description:
      'For how many days the history keeps what was changed, and so for how long it can be undone. Afterwards it only says who did what and when.',
  }),
}
