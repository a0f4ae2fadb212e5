import { language } from '../../../ui/i18n.ts'

const formats = new Map<string, Intl.NumberFormat>()

function format(currency: string, signed: boolean): Intl.NumberFormat {
  const key = `${language()} ${currency} ${signed}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(language(), {
    style: 'currency',
    currency,
    signDisplay: signed ? 'exceptZero' : 'auto',
  })
  formats.set(key, made)
  return made
}

/** €12.50 */
export const money = (amount: number, currency: string): string => format(currency, false).format(amount)

/** +€12.50 */
export const signedMoney = (amount: number, currency: string): string => format(currency, true).format(amount)

/** Several amounts in their currencies: €12.50 + ¥3,000 */
export const moneyList = (amounts: readonly { currency: string; amount: number }[]): string =>
  amounts.map(({ amount, currency }) => money(amount, currency)).join(' + ')
