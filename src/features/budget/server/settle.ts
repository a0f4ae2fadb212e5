/** A balance in minor units: above 0 the person is owed, below 0 they owe. */
export interface Balance {
  readonly userId: number
  readonly units: number
}

/** One payment towards settling. */
export interface Flow {
  readonly from: number
  readonly to: number
  readonly units: number
}

/** Up to this many people, the search for the fewest payments is exact: it takes 2^n steps for each of them. */
export const EXACT_UP_TO = 15

/**
 * The payments that settle these balances, which must add up to zero. A group whose balances add up to zero needs one
 * payment fewer than it has people, so the most such groups give the fewest payments.
 */
export function flowsOf(balances: readonly Balance[]): Flow[] {
  const open = balances.filter(({ units }) => units !== 0).toSorted((a, b) => a.userId - b.userId)
  const groups = open.length <= EXACT_UP_TO ? zeroGroups(open) : pairsAndRest(open)
  return groups.flatMap(settleGroup).toSorted((a, b) => b.units - a.units || a.from - b.from || a.to - b.to)
}

/** The largest number of groups that each add up to zero. */
function zeroGroups(people: readonly Balance[]): Balance[][] {
  const size = 1 << people.length
  const sums = new Float64Array(size)
  // The most groups that the people of a set can form in sequence; the last may still be open.
  const most = new Int8Array(size)
  const last = new Int8Array(size)
  for (let set = 1; set < size; set++) {
    const low = 31 - Math.clz32(set & -set)
    sums[set] = (sums[set & (set - 1)] as number) + (people[low] as Balance).units
    let best = -1
    for (let person = 0; person < people.length; person++) {
      const before = most[set & ~(1 << person)] as number
      if (set & (1 << person) && before > best) {
        best = before
        last[set] = person
      }
    }
    most[set] = best + (sums[set] === 0 ? 1 : 0)
  }
  const groups: Balance[][] = []
  for (let set = size - 1; set; ) {
    if (sums[set] === 0) groups.push([])
    const person = last[set] as number
    groups.at(-1)?.push(people[person] as Balance)
    set &= ~(1 << person)
  }
  return groups
}

/** For more people than the search can handle: pairs exactly opposite balances, and groups all others. */
function pairsAndRest(people: readonly Balance[]): Balance[][] {
  const rest = [...people]
  const pairs: Balance[][] = []
  for (const one of people) {
    const other = rest.find(({ units }) => units === -one.units)
    if (!other || !rest.includes(one)) continue
    pairs.push([one, other])
    rest.splice(rest.indexOf(one), 1)
    rest.splice(rest.indexOf(other), 1)
  }
  return rest.length ? [...pairs, rest] : pairs
}

/** The largest debtor pays the largest creditor, until nobody owes anything. */
function settleGroup(group: readonly Balance[]): Flow[] {
  const open = group.map((balance) => ({ ...balance }))
  const flows: Flow[] = []
  for (;;) {
    const debtor = open.reduce((least, one) => (one.units < least.units ? one : least))
    const creditor = open.reduce((most, one) => (one.units > most.units ? one : most))
    const units = Math.min(-debtor.units, creditor.units)
    if (units <= 0) return flows
    flows.push({ from: debtor.userId, to: creditor.userId, units })
    debtor.units += units
    creditor.units -= units
  }
}
