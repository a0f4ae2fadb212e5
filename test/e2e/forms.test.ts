import { globSync, readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import type { AnyEntity } from '../../src/core/declare/entity.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking, once } from '../harness/browser/looks.ts'
import { declared } from '../harness/operations.ts'
import { some } from '../harness/prove.ts'
import { until } from '../harness/until.ts'

/**
 * Every form that changes something in a trip: while it is open, another member changes all other fields of the row, and then
 * the field that was edited in the form.
 */

type Row = Record<string, unknown>
type Tool = <T extends Row>(name: string, args?: object) => Promise<T>

interface Scene {
  readonly tool: Tool
  readonly ana: number
  readonly ben: number
}

interface Form {
  /** The operation that saves the form, and the input that identifies the row. */
  readonly operation: string
  readonly key: string
  readonly part: string
  /** Creates a row called Lantern. */
  make(scene: Scene): Promise<Row>
  open(page: Page): Promise<void>
  /** The label of the edited field, and its input. */
  readonly label: string
  readonly field: string
  /** The other fields as another member changes them; absent for a form with one field. */
  theirs?(scene: Scene): Row
  /** The row as it is now. */
  read(id: unknown): Promise<Row>
  /** The element that contains the form, if it is not a whole dialog. */
  readonly within?: (page: Page) => Locator
}

const rowsOf = (entity: string) => (id: unknown) => readRow(entity, id)
const rowOf = async (answer: Promise<Row>, name: string) => (await answer)[name] as Row
const byMenu = (menu: string) => async (page: Page) => {
  await page.getByRole('button', { name: menu, exact: true }).first().click()
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).click()
}

const FORMS: readonly Form[] = [
  {
    operation: 'update_todo',
    read: rowsOf('todo'),
    key: 'itemId',
    part: 'todos',
    make: ({ tool }) => rowOf(tool('create_todo', { name: 'Lantern' }), 'item'),
    open: (page) => page.getByRole('button', { name: 'Lantern', exact: true }).click(),
    label: 'More about it',
    field: 'description',
    theirs: ({ ben }) => ({
      name: 'Torch',
      category: 'Home',
      due_date: '2027-05-01',
      assigned_user_id: ben,
      priority: 1,
    }),
  },
  {
    operation: 'update_packing_item',
    read: rowsOf('packing_item'),
    key: 'itemId',
    part: 'packing',
    make: ({ tool }) => rowOf(tool('create_packing_item', { name: 'Lantern', category: 'Camp' }), 'item'),
    open: byMenu('More for Lantern'),
    label: 'What to pack',
    field: 'name',
    theirs: () => ({ category: 'Night', quantity: 2, weight_grams: 900 }),
  },
  {
    operation: 'update_packing_bag',
    read: rowsOf('packing_bag'),
    key: 'bagId',
    part: 'packing',
    make: ({ tool }) => rowOf(tool('create_packing_bag', { name: 'Lantern' }), 'bag'),
    async open(page) {
      await page.getByRole('button', { name: 'Bags', exact: true }).click()
      await byMenu('More for Lantern')(page)
    },
    label: 'Name',
    field: 'name',
    theirs: () => ({ color: '#112233', weight_limit_grams: 8000 }),
  },
  {
    operation: 'update_budget_item',
    read: rowsOf('budget_item'),
    key: 'itemId',
    part: 'costs',
    make: ({ tool, ana }) =>
      rowOf(
        tool('create_budget_item', {
          name: 'Lantern',
          total_price: 30,
          payers: [{ user_id: ana, amount: 30 }],
          member_ids: [ana],
        }),
        'item',
      ),
    async open(page) {
      await page.getByRole('button', { name: /^Lantern/ }).click()
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
    },
    label: 'Note',
    field: 'note',
    theirs: ({ ben }) => ({
      name: 'Torch',
      total_price: 45,
      payers: [{ user_id: ben, amount: 45 }],
      category: 'food',
      expense_date: '2027-04-06',
    }),
  },
  {
    operation: 'update_place',
    read: rowsOf('place'),
    key: 'placeId',
    part: 'plan',
    make: ({ tool }) => rowOf(tool('create_place', { name: 'Lantern', lat: 35, lng: 135.7 }), 'place'),
    async open(page) {
      await page
        .getByRole('button', { name: /^Lantern/ })
        .first()
        .click()
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
    },
    label: 'Notes',
    field: 'notes',
    theirs: () => ({
      name: 'Torch',
      lat: 36,
      lng: 136,
      address: 'Gion',
      price: 12,
      currency: 'EUR',
      website: 'https://example.org',
      phone: '123',
      place_time: '10:00',
      end_time: '12:00',
      duration_minutes: 60,
      description: 'A light',
    }),
  },
  {
    operation: 'update_collab_note',
    read: rowsOf('collab_note'),
    key: 'noteId',
    part: 'together',
    make: ({ tool }) => rowOf(tool('create_collab_note', { title: 'Lantern', content: 'Old' }), 'note'),
    open: byMenu('More for Lantern'),
    label: 'Title',
    field: 'title',
    theirs: () => ({
      content: 'New',
      category: 'Light',
      website: 'https://example.org',
      color: '#2f7a5f',
      pinned: true,
    }),
  },
  {
    operation: 'update_trip',
    read: rowsOf('trip'),
    key: 'tripId',
    part: 'plan',
    make: () => readRow('trip', tripId),
    open: (page) => page.getByRole('button', { name: 'Trip settings', exact: true }).click(),
    label: 'Name',
    field: 'title',
    theirs: () => ({ description: 'North', currency: 'NOK', start_date: '2027-04-05', end_date: '2027-04-09' }),
  },
  {
    operation: 'update_file',
    read: rowsOf('trip_file'),
    key: 'fileId',
    part: 'files',
    make: () => uploaded(),
    open: byMenu('More for Lantern.pdf'),
    label: 'Name',
    field: 'name',
    theirs: () => ({ description: 'A light' }),
  },
  {
    operation: 'update_reservation',
    read: rowsOf('reservation'),
    key: 'reservationId',
    part: 'bookings',
    make: ({ tool }) => rowOf(tool('create_reservation', { title: 'Lantern', type: 'event' }), 'reservation'),
    open: byMenu('More for Lantern'),
    label: 'Notes',
    field: 'notes',
    theirs: () => ({
      title: 'Torch',
      status: 'confirmed',
      confirmation_number: 'X1',
      url: 'https://example.org',
      location: 'Gion',
      reservation_time: '2027-04-06T19:00',
    }),
  },
  {
    operation: 'rename_guest',
    read: async (id) => {
      const { members } = await scene.tool<{ members: Row[] }>('list_trip_members')
      return members.find(({ user_id }) => user_id === id) as Row
    },
    key: 'guestId',
    part: 'plan',
    async make({ tool }) {
      const { user_id } = await rowOf(tool('add_guest', { name: 'Lantern' }), 'member')
      return { id: user_id }
    },
    async open(page) {
      await page.getByRole('button', { name: 'Travellers', exact: true }).click()
      await page.getByRole('button', { name: 'More for Lantern', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Rename', exact: true }).click()
    },
    within: (page) => page.locator('form').filter({ has: page.getByRole('button', { name: 'Save', exact: true }) }),
    label: 'Name',
    field: 'name',
  },
]

const { running, browser } = withServerAndBrowser()
let page: Page
let scene: Scene
let otherTool: Tool
let tripId: number
let token: string
const complaints: string[] = []

beforeAll(async () => {
  const [ana, ben] = [await running().person('Ana'), await running().person('Ben')]
  token = ana.token
  const { trip } = structured<{ trip: { id: number } }>(
    await ana.assistant.tool('create_trip', { title: 'Fjords', start_date: '2027-04-05', end_date: '2027-04-07' }),
  )
  tripId = trip.id
  await ana.assistant.tool('add_trip_member', { tripId, identifier: ben.username })
  const toolOf =
    ({ caller }: typeof ana): Tool =>
    (name, args = {}) =>
      running().pipeline.run(operationOf(name), { tripId, ...args }, caller) as never
  scene = { tool: toolOf(ana), ana: ana.caller.userId, ben: ben.caller.userId }
  otherTool = toolOf(ben)
  const administrator = { ...ana.caller, admin: true }
  for (const name of ['trip_edit', 'member_manage']) {
    await running().pipeline.run(operationOf('update_permission'), { name, level: 'member' }, administrator)
  }
  ;({ page } = await openPage(browser(), running().url, ana))
  page.on('pageerror', (error) => complaints.push(error.message))
})
let count = 0
/** A unique text that is also a valid file name. */
const text = (kind: string) => `${kind} ${++count}.pdf`

/** An open form with one edited field, and its row. */
async function openForm(form: Form) {
  const row = await form.make(scene)
  await page.goto(`${running().url}/trips/${tripId}${form.part === 'plan' ? '' : `?part=${form.part}`}`)
  await form.open(page)
  const dialog = form.within?.(page) ?? page.getByRole('dialog')
  const typed = text('Mine')
  await dialog.getByRole('textbox', { name: form.label }).first().fill(typed)
  const change = (values: Row) =>
    otherTool(form.operation, { ...(form.key === 'tripId' ? {} : { [form.key]: row.id }), ...values })
  return { dialog, typed, change, now: () => form.read(row.id) }
}

async function uploaded(): Promise<Row> {
  const body = new FormData()
  body.append('file', new Blob(['%PDF-1.4\n%%EOF\n'], { type: 'application/pdf' }), 'Lantern.pdf')
  const answer = await fetch(`${running().url}/api/trips/${tripId}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
  })
  return ((await answer.json()) as { file: Row }).file
}

const operationOf = (name: string): AnyOperation => declared.operation(name)?.operation as AnyOperation

async function readRow(entity: string, id: unknown): Promise<Row> {
  const entityFound = declared.entities.get(entity)?.entity as AnyEntity
  return (await running().database.read((tx) => tx.find(entityFound, { id } as never))) as Row
}

const save = (dialog: Locator) => dialog.getByRole('button', { name: 'Save', exact: true }).click()

test.each(FORMS.filter(({ theirs }) => theirs).map((form) => [form.operation, form] as const))(
  '%s: changes that others make while the form is open are kept',
  async (_, form) => {
    const { dialog, typed, change, now } = await openForm(form)
    const theirs = form.theirs?.(scene) ?? {}
    await change(theirs)
    await save(dialog)
    await dialog.waitFor({ state: 'detached' })
    expect(await now()).toMatchObject({ ...theirs, [form.field]: typed })
  },
)

/** The choices at a form; in `npm test` one, by turns. */
const choicesAt = (index: number) => some(index % 2 ? ['Yours', 'Theirs'] : ['Theirs', 'Yours'])

test.each(FORMS.map((form, index) => [form.operation, form, choicesAt(index)] as const))(
  '%s: two values for one field are both shown, and the user chooses',
  async (_, form, choices) => {
    for (const choice of choices) {
      const { dialog, typed, change, now } = await openForm(form)
      const other = text('Theirs')
      await change({ [form.field]: other })
      await save(dialog)
      const alert = dialog.getByRole('alert')
      await alert.getByText('Ben', { exact: false }).waitFor()
      const alertText = await alert.textContent()
      for (const value of [typed, other]) expect(alertText).toContain(value)
      expect((await now())[form.field]).toBe(other)
      await alert.getByRole('radio', { name: choice }).check()
      await save(dialog)
      await dialog.waitFor({ state: 'detached' })
      expect((await now())[form.field]).toBe(choice === 'Yours' ? typed : other)
      // Renamed so that the next row is the only Lantern.
      await change({ ['title' in (await now()) ? 'title' : 'name']: text('Gone') })
    }
    expect(complaints).toEqual([])
  },
)

test('a dialog has the focus in its first field, and returns it to the button that opened it', async () => {
  await page.goto(`${running().url}/trips/${tripId}?part=together`)
  const opener = page.getByRole('button', { name: 'New note', exact: true })
  const isFocused = (locator: Locator) => locator.evaluate((element) => element === document.activeElement)
  await opener.press('Enter')
  const field = page.getByRole('dialog').getByRole('textbox').first()
  await field.waitFor()
  await until(() => isFocused(field))
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await until(() => isFocused(opener))
})

test('Escape or a click beside a dialog asks before it discards what was typed', async () => {
  await page.goto(`${running().url}/trips/${tripId}?part=together`)
  await page.getByRole('button', { name: 'New note', exact: true }).click()
  const form = page.getByRole('dialog').filter({ has: page.getByRole('textbox') })
  const question = page.getByRole('dialog', { name: 'Discard what you typed?' })
  await form.getByRole('textbox', { name: 'Title' }).fill('Half a thought')
  await page.keyboard.press('Escape')
  await question.getByRole('button', { name: 'Keep editing' }).click()
  await question.waitFor({ state: 'detached' })
  expect(await form.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('Half a thought')
  await page.mouse.click(5, 5)
  await question.getByRole('button', { name: 'Discard', exact: true }).click()
  await page.getByRole('dialog').first().waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'New note', exact: true }).click()
  expect(await form.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('')
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'detached' })
})

test('text typed after choosing the value of the other member is saved', async () => {
  const form = FORMS[0] as Form
  const { dialog, change, now } = await openForm(form)
  await change({ [form.field]: text('Theirs') })
  await save(dialog)
  const alert = dialog.getByRole('alert')
  await alert.getByRole('radio', { name: 'Theirs' }).check()
  const laterText = text('Later')
  await dialog.getByRole('textbox', { name: form.label }).first().fill(laterText)
  await save(dialog)
  await dialog.waitFor({ state: 'detached' })
  expect((await now())[form.field]).toBe(laterText)
  await change({ name: text('Gone') })
})

test('a field edited after the question was shown is added to the question', async () => {
  const form = FORMS[0] as Form
  const { dialog, change, now } = await openForm(form)
  const [note, name] = [text('Theirs'), text('Theirs')]
  await change({ [form.field]: note, name })
  await save(dialog)
  const alert = dialog.getByRole('alert')
  await alert.getByText('Ben changed: Description').waitFor()
  await dialog.getByRole('textbox', { name: 'What to do' }).fill(text('Mine'))
  await save(dialog)
  await alert.getByText('Ben changed: Name').waitFor()
  expect(await now()).toMatchObject({ [form.field]: note, name })
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
})

test('a question and a refusal are visible wherever the form was scrolled', async () => {
  const before = page.viewportSize() as { width: number; height: number }
  await page.setViewportSize({ ...before, height: 480 })
  const form = FORMS.find(({ operation }) => operation === 'update_reservation') as Form
  const { dialog, change } = await openForm(form)
  await change({ [form.field]: text('Theirs') })
  await save(dialog)
  const alertBox = dialog.getByRole('alert')
  await alertBox.getByText('Ben changed').waitFor()
  await until(() => alertBox.evaluate((alert) => alert.contains(document.activeElement)))
  await alertBox.getByRole('radio', { name: 'Theirs' }).check()
  const title = dialog.getByRole('textbox').first()
  await title.fill('')
  await save(dialog)
  await until(() => title.evaluate((field) => field === document.activeElement))
  const { top, bottom } = await title.evaluate((field) => field.getBoundingClientRect().toJSON())
  expect(top).toBeGreaterThanOrEqual(0)
  expect(bottom).toBeLessThanOrEqual(480)
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.setViewportSize(before)
})

test('a conflict in the price, which a booking stores elsewhere, is shown too', async () => {
  const { reservation } = await scene.tool('create_reservation', { title: 'Beacon', type: 'event' })
  const { id } = reservation as { id: number }
  for (const [mine, theirs] of [
    ['80', 90],
    ['100', 110],
  ] as const) {
    await page.goto(`${running().url}/trips/${tripId}?part=bookings`)
    await byMenu('More for Beacon')(page)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: /^Price/ }).fill(mine)
    await otherTool('update_reservation', { reservationId: id, price: theirs })
    await save(dialog)
    await dialog.getByRole('alert').getByText('Ben changed: Amount').waitFor()
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
  }
})

test('a price that the server refuses is explained under its field', async () => {
  await scene.tool('create_reservation', { title: 'Buoy', type: 'event' })
  await page.goto(`${running().url}/trips/${tripId}?part=bookings`)
  await byMenu('More for Buoy')(page)
  const dialog = page.getByRole('dialog')
  const price = dialog.getByRole('textbox', { name: /^Price/ })
  await price.fill('189.999')
  await save(dialog)
  const alert = dialog.getByRole('alert')
  await alert.waitFor()
  expect(await alert.textContent()).toMatch(/decimal/)
  expect(await price.getAttribute('aria-invalid')).toBe('true')
  await price.fill('189.99')
  await alert.waitFor({ state: 'detached' })
  await save(dialog)
  await dialog.waitFor({ state: 'detached' })
})

test('a problem that belongs to no shown field is explained at the top of the form', async () => {
  await scene.tool('create_reservation', { title: 'Gull', type: 'event' })
  await page.goto(`${running().url}/trips/${tripId}?part=bookings`)
  await byMenu('More for Gull')(page)
  const dialog = page.getByRole('dialog')
  const issues = ['metadata.seat', 'status', 'title'].map((path) => ({ path, message: `No ${path}`, key: '' }))
  await page.route('**/reservations/*', (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({ status: 400, json: { code: 'invalid', detail: 'Refused', issues } })
      : route.fallback(),
  )
  await dialog.getByRole('button', { name: 'Cancelled', exact: true }).click()
  await save(dialog)
  const alerts = dialog.getByRole('alert')
  await alerts.nth(1).waitFor()
  expect(await alerts.allTextContents()).toEqual(['No metadata.seat\nNo status', 'No title'])
  await page.unroute('**/reservations/*')
  await save(dialog)
  await dialog.waitFor({ state: 'detached' })
})

test('enumerated values are shown by their labels', async () => {
  const { reservation } = await scene.tool('create_reservation', { title: 'Signal', type: 'event' })
  await page.goto(`${running().url}/trips/${tripId}?part=bookings`)
  await byMenu('More for Signal')(page)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancelled', exact: true }).click()
  await otherTool('update_reservation', { reservationId: (reservation as Row).id, status: 'confirmed' })
  await save(dialog)
  const alert = dialog.getByRole('alert')
  await alert.getByText('Ben changed: Status').waitFor()
  expect(await alert.textContent()).toMatch(/Cancelled.*Confirmed/)
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
})

test('a category renamed by another member meanwhile keeps that name, and the typed name stays in the field', async () => {
  await scene.tool('create_budget_item', { name: 'Boat', total_price: 30, category: 'Lanterns' })
  await page.goto(`${running().url}/trips/${tripId}?part=costs`)
  await page.getByRole('button', { name: 'By category', exact: true }).click()
  await page.getByRole('button', { name: 'More for Lanterns', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Rename', exact: true }).click()
  const dialog = page.getByRole('dialog')
  const name = dialog.getByRole('textbox')
  await name.fill('Mine')
  await otherTool('rename_budget_category', { category: 'Lanterns', name: 'Theirs' })
  await page.getByRole('heading', { name: 'Theirs', exact: true, includeHidden: true }).waitFor({ state: 'attached' })
  await save(dialog)
  await dialog.getByText('No expense of this trip has the category Lanterns').waitFor()
  expect(await name.inputValue()).toBe('Mine')
  const { items } = await scene.tool<{ items: Row[] }>('list_budget_items')
  expect(items.map(({ category }) => category)).not.toContain('Mine')
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
})

test('a new place is saved with the booking even if its name was not confirmed', async () => {
  await page.goto(`${running().url}/trips/${tripId}?part=bookings`)
  await page.getByRole('button', { name: 'Add booking', exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'Hotel', exact: true }).click()
  await dialog.getByRole('button', { name: 'New place', exact: true }).click()
  await dialog.getByRole('textbox', { name: 'New place' }).fill('Fjord Inn')
  await dialog.getByRole('button', { name: 'Add booking', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  const { places } = await scene.tool<{ places: Row[] }>('list_places')
  const { reservations } = await scene.tool<{ reservations: Row[] }>('get_trip_summary')
  const [inn, ...more] = places.filter(({ name }) => name === 'Fjord Inn')
  expect(more).toEqual([])
  expect(reservations).toContainEqual(expect.objectContaining({ title: 'Fjord Inn', place_id: inn?.id as number }))
})

test('a trip whose last day is not empty is shortened in the way the user chooses', async () => {
  const { days } = await scene.tool<{ days: { id: number }[] }>('get_trip_summary')
  const last = days.at(-1)?.id
  await scene.tool('create_day_note', { dayId: last, text: 'Pack' })
  const end = (await readRow('trip', tripId)).end_date as string
  const before = new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 10)
  await page.goto(`${running().url}/trips/${tripId}`)
  await page.getByRole('button', { name: 'Trip settings', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Last day').fill(before)
  await save(page.getByRole('dialog'))
  await page.getByRole('button', { name: 'Keep without a date' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect((await readRow('trip', tripId)).end_date).toBe(before)
})

test('editing a field clears its error, even if the operation names the field differently', async () => {
  await scene.tool('create_packing_item', { name: 'Compass', category: 'Camp' })
  await page.goto(`${running().url}/trips/${tripId}?part=packing`)
  await byMenu('More for Compass')(page)
  const dialog = page.getByRole('dialog')
  const weight = dialog.getByRole('textbox', { name: /^Weight/ })
  await weight.fill('heavy')
  await save(dialog)
  await dialog.getByRole('alert').waitFor()
  await weight.fill('90')
  await dialog.getByRole('alert').waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
})

const visitPages = once(async () => {
  const form = FORMS.find(({ operation }) => operation === 'update_budget_item') as Form
  const { dialog, change } = await openForm(form)
  await dialog.getByRole('textbox', { name: 'Amount' }).fill('31')
  await change({ note: text('Theirs'), ...form.theirs?.(scene) })
  await save(dialog)
  const alert = dialog.getByRole('alert')
  // The browser logs the intended refusal before the page shows it.
  await alert.waitFor()
  const looking = new Looking(page)
  await looking.at('overlaps', alert)
  const isTheirs = (field: string) =>
    alert.getByRole('group', { name: `Ben changed: ${field}` }).getByRole('radio', { name: 'Theirs' })
  await isTheirs('Amount').check()
  const together = await Promise.all(['Paid by', 'Note'].map((field) => isTheirs(field).isChecked()))
  return { looking, together }
})

test.each(LOOKS)(
  'the question has no layout errors at $width px in the $theme theme',
  { timeout: 60_000 },
  async (look) => {
    expect((await visitPages()).looking.wrongAt(look)).toEqual([])
  },
)

test('choosing the amount of the other member also takes their payers, and nothing else', async () => {
  expect((await visitPages()).together).toEqual([true, false])
})

test('every form that changes something in a trip is in this suite', () => {
  const texts = globSync('src/features/*/web/**/*.{ts,tsx}').map((file) => readFileSync(file, 'utf8'))
  const used = texts.flatMap((text) =>
    [...text.matchAll(/useForm(?:<typeof |\()((?:update|rename)_\w+)/g)].map(([, name]) => name),
  )
  // The booking form uses the operation of its kind; a category is not a row, and has a separate test.
  const tested = [...FORMS.map(({ operation }) => operation), 'rename_budget_category']
  expect([...used, 'update_reservation'].sort()).toEqual(tested.sort())
})
