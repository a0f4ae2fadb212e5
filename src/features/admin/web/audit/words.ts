import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../../../../ui/dates.ts'
import { titleOf } from '../../../../ui/message.ts'
import type { AuditEntry } from './filter.ts'

const HOUR_MS = 3_600_000

/** Whether the entry counts an assistant's reads in one hour; such an entry has the start of the hour as its time. */
export const isCountOfHour = ({ way, outcome, at }: Pick<AuditEntry, 'way' | 'outcome' | 'at'>): boolean =>
  way === 'mcp' && outcome === 'ok' && Date.parse(at) % HOUR_MS === 0

const WAYS = ['web', 'rest', 'mcp', 'oauth', 'cli', 'system'] as const

/** Outcomes that have their own texts. */
const OUTCOMES = [
  'ok',
  'denied',
  'invalid',
  'not_found',
  'forbidden',
  'conflict',
  'unauthenticated',
  'rate_limited',
  'addon_off',
  'unavailable',
  'bug',
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'unauthorized_client',
  'unsupported_grant_type',
] as const

const isOneOf = <T extends string>(allowed: readonly T[], value: string): value is T =>
  (allowed as readonly string[]).includes(value)

/** As the server writes it: `Name (calls itself "Other name")`. */
const CALLS_ITSELF = /^(.+) \(calls itself (".*")\)$/

/** Texts for the codes in an entry. */
export function useWords() {
  const { t } = useTranslation()
  return {
    title({ event, title: english, subject }: AuditEntry): string {
      const title = titleOf(['events', 'operations'], event, english)
      return subject === null ? title : t('admin.aboutSubject', { title, subject })
    },

    /** The owner's name of a program, and the name it uses for itself if that differs. */
    program: (client: string): string => {
      const [, name, itself] = CALLS_ITSELF.exec(client) ?? []
      return name && itself ? t('admin.callsItself', { name, itself }) : client
    },

    kind: ({ kind }: AuditEntry): string => t(`admin.auditKind.${kind}`),

    outcome: ({ outcome, event }: AuditEntry): string => {
      if (event === 'log_in' && outcome === 'unauthenticated') return t('admin.wrongPassword')
      if (event === 'oauth_consent' && outcome === 'ok') return t('admin.saidYes')
      return isOneOf(OUTCOMES, outcome) ? t(`admin.outcome.${outcome}`) : outcome
    },

    /** How many times it happened, if one entry stands for several; null for a single event. */
    howOften: (entry: AuditEntry): string | null => {
      const { at, count } = entry
      if (isCountOfHour(entry)) {
        const to = new Date(Date.parse(at) + HOUR_MS).toISOString()
        return t('admin.timesBetween', { count, from: timeOfDay(at), to: timeOfDay(to) })
      }
      return count > 1 ? t('admin.timesWithinHour', { count }) : null
    },

    way: ({ way }: AuditEntry): string => (isOneOf(WAYS, way) ? t(`admin.way.${way}`) : way),

    /** The person; null for a program or the server that acted without one. */
    who: ({ user_id, username, way, client }: AuditEntry): string | null => {
      if (username !== null) return username
      if (user_id !== null) return t('admin.deletedUser', { id: user_id })
      if (way === 'cli') return t('admin.commandLine')
      if (way === 'system') return null
      return client === null ? t('admin.unknownUser') : null
    },
  }
}
