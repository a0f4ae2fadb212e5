type Health = 'ok' | 'warning' | 'failed'

/** The result of one check. */
export interface Finding {
  readonly check: string
  readonly health: Health
  readonly says: string
}

export const ok = (check: string, says: string): Finding => ({ check, health: 'ok', says })
export const warning = (check: string, says: string): Finding => ({ check, health: 'warning', says })
export const failed = (check: string, says: string): Finding => ({ check, health: 'failed', says })
