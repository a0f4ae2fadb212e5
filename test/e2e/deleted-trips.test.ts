import { expect, test } from 'vitest'
import { list_files, upload_file } from '../../src/features/files/contract/index.ts'
import { add_trip_member, create_trip } from '../../src/features/trips/contract/index.ts'
import { PIXEL, uploaded } from '../fixtures/samples/files.ts'
import { keepPicture, openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'

const { running, browser } = withServerAndBrowser()

test('a trip that was deleted in the app comes back from the notice and from the list, for its members too', {
  timeout: 120_000,
}, async () => {
  const { pipeline, services, url } = running()
  const [ana, ben] = [await running().person('Ana'), await running().person('Ben')]
  const { trip } = await pipeline.run(create_trip, { title: 'Kyoto', start_date: '2027-04-05' }, ana.caller)
  const inTrip = { tripId: trip.id }
  const file = await uploaded(services.files, PIXEL, 'ticket.gif')
  await pipeline.run(upload_file, { ...inTrip, file }, ana.caller)
  await pipeline.run(add_trip_member, { ...inTrip, identifier: ben.username }, ana.caller)
  const { page, complaints } = await openPage(browser(), url, ana)
  const { page: other, complaints: othersComplaints } = await openPage(browser(), url, ben)
  const kyoto = page.getByRole('link', { name: 'Kyoto' })
  const othersKyoto = other.getByRole('link', { name: 'Kyoto' })

  async function remove() {
    await page.getByRole('button', { name: 'More for Kyoto' }).click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await page.getByText('You can restore them for 30 days').waitFor()
    await keepPicture(page, 'delete-trip')
    await page.getByRole('button', { name: 'Delete for everybody' }).click()
    await kyoto.waitFor({ state: 'detached' })
    await othersKyoto.waitFor({ state: 'detached' })
  }

  await kyoto.waitFor()
  await othersKyoto.waitFor()
  expect(await page.getByRole('button', { name: /^Recently deleted/ }).count()).toBe(0)
  await remove()
  await page.getByRole('button', { name: 'Undo' }).click()
  await kyoto.waitFor()
  await othersKyoto.waitFor()

  await remove()
  expect(await other.getByRole('button', { name: /^Recently deleted/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Recently deleted (1)' }).click()
  await page.getByText(/^Deleted on .* by Ana · can be restored until/).waitFor()
  await keepPicture(page, 'deleted-trips')
  await page.getByRole('button', { name: 'Restore Kyoto' }).click()
  await page.getByText('No deleted trip is left to restore.').waitFor()
  await page.keyboard.press('Escape')
  await kyoto.waitFor()
  await othersKyoto.waitFor()
  await page.getByRole('button', { name: /^Recently deleted/ }).waitFor({ state: 'detached' })

  const { files } = await pipeline.run(list_files, inTrip, ben.caller)
  expect(files.map(({ name }) => name)).toEqual(['ticket.gif'])
  const content = await fetch(`${url}/api/trips/${trip.id}/files/${files[0]?.id}/content`, {
    headers: { authorization: `Bearer ${ben.token}` },
  })
  expect(Buffer.from(await content.arrayBuffer())).toEqual(PIXEL)
  expect([...complaints, ...othersComplaints]).toEqual([])
})
