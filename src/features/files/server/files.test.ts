import { expect, test } from 'vitest'
import { PIXEL, uploaded } from '../../../../test/fixtures/samples/files.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { create_place, delete_place } from '../../places/contract/index.ts'
import {
  add_trip_member,
  copy_trip,
  create_trip,
  delete_trip,
  remove_trip_member,
  update_trip,
} from '../../trips/contract/index.ts'
import * as files from '../contract/index.ts'

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n')
const SEC = Buffer.from('Name;Price\nRail pass;50000\n')

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const { trip } = await world.run(create_trip, { title: 'Kyoto' }, ana)
    const tripId = trip.id
    const { username } = await database()
      .kysely.selectFrom('users')
      .select('username')
      .where('id', '=', ben.userId)
      .executeTakeFirstOrThrow()
    await world.run(add_trip_member, { tripId, identifier: username }, ana)
    const watcher = await world.watch({ space: 'trip', id: tripId }, ben)
    const upload = async (bytes: Buffer = PDF, name = 'ticket.pdf', more: object = {}, caller = ana) => {
      const file = await uploaded(world.services.files, bytes, name)
      return (await world.run(files.upload_file, { tripId, file, ...more }, caller)).file
    }
    const names = async () => (await world.run(files.list_files, { tripId }, ben)).files.map(({ name }) => name)
    const trash = async () => (await world.run(files.list_trashed_files, { tripId }, ben)).files.map(({ name }) => name)
    return { ...world, ana, ben, tripId, watcher, upload, names, trash }
  }

  test('files are listed with starred ones first, then the newest; all members see them, without their keys', async () => {
    const { upload, names, watcher, run, tripId, ana } = await scene()
    const first = await upload(PDF, 'first.pdf', { starred: true })
    await upload(PIXEL, 'second.gif')
    await upload(SEC, 'third.csv', { description: 'Prices' })
    expect(await names()).toEqual(['first.pdf', 'third.csv', 'second.gif'])
    expect(first).toMatchObject({
      size: PDF.length,
      type: 'application/pdf',
      kind: 'pdf',
      starred: true,
      description: null,
      place_ids: [],
      uploaded_by: ana.userId,
      deleted_at: null,
    })
    expect(watcher.lines).toEqual(Array(3).fill('insert trip_file'))
    expect(JSON.stringify(watcher.rows)).not.toContain('key')
    const { file } = await run(files.download_file, { tripId, fileId: first.id }, ana)
    expect(file).toMatchObject({ name: 'first.pdf', type: 'application/pdf', inline: true })
  })

  test('the content determines the type of a file: a wrong extension is corrected, other types are refused', async () => {
    const { upload } = await scene()
    expect(await upload(PIXEL, 'scan.pdf')).toMatchObject({ name: 'scan.gif', type: 'image/gif' })
    expect(await upload(PDF, 'no ending')).toMatchObject({ name: 'no ending.pdf', type: 'application/pdf' })
    expect(await upload(SEC, 'LIST.CSV')).toMatchObject({ name: 'LIST.CSV', type: 'text/csv', kind: 'text' })
    const html = Buffer.from('<!doctype html><script>alert(1)</script>')
    const refused: [Buffer, string, RegExp][] = [
      [html, 'page.html', /ends in \.html/],
      [html, 'page.txt', /ends in \.txt, but is not a text/],
      [html, 'page.pdf', /ends in \.pdf, but is not a PDF/],
      [Buffer.from('<svg xmlns="x"/>'), 'drawing.svg', /ends in \.svg/],
      [Buffer.from('#!/bin/sh\nrm -rf /'), 'notes.md', /not a Markdown text/],
      [Buffer.from('MZ\x90\x00\x03\x00'), 'setup.txt', /not a text/],
      [Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'), 'table.xlsx', /not an Excel sheet/],
      [Buffer.alloc(0), 'empty.txt', /is empty/],
    ]
    for (const [bytes, name, message] of refused) {
      await expect(upload(bytes, name), name).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(message),
        issues: [{ path: 'file' }],
      })
    }
  })

  test('renaming a file keeps its extension; omitted fields stay, null clears', async () => {
    const { upload, run, tripId, ben, watcher } = await scene()
    const file = await upload(PDF, 'ticket.pdf', { description: 'Hin' })
    const change = async (more: object) =>
      (await run(files.update_file, { tripId, fileId: file.id, ...more }, ben)).file
    expect(await change({ name: 'Rückfahrt' })).toEqual({ ...file, name: 'Rückfahrt.pdf' })
    expect(await change({ name: 'Rückfahrt.png', starred: true })).toMatchObject({
      name: 'Rückfahrt.pdf',
      starred: true,
    })
    expect(await change({ description: null })).toMatchObject({ name: 'Rückfahrt.pdf', description: null })
    await change({})
    expect(watcher.lines).toEqual(['insert trip_file', ...Array(3).fill('patch trip_file')])
  })

  test('a file is linked only to rows of the trip, and loses the link to a deleted one', async () => {
    const { upload, run, tripId, ana, watcher } = await scene()
    const place = async (name: string) => (await run(create_place, { tripId, name }, ana)).place.id
    const [temple, inn] = [await place('Temple'), await place('Inn')]
    const file = await upload(PDF, 'ticket.pdf', { place_ids: [inn, temple, inn] })
    expect(file.place_ids).toEqual([temple, inn])
    const elsewhere = (await run(create_trip, { title: 'Rome' }, ana)).trip.id
    const forum = (await run(create_place, { tripId: elsewhere, name: 'Forum' }, ana)).place.id
    const link = (more: object) => run(files.update_file, { tripId, fileId: file.id, ...more }, ana)
    await expect(link({ place_ids: [forum] })).rejects.toMatchObject({ issues: [{ path: 'place_ids' }] })
    await expect(link({ reservation_ids: [999_999] })).rejects.toMatchObject({ issues: [{ path: 'reservation_ids' }] })
    await run(delete_place, { tripId, placeId: temple }, ana)
    const { files: fileList } = await run(files.list_files, { tripId }, ana)
    expect(fileList[0]?.place_ids).toEqual([inn])
    expect(watcher.lines.filter((line) => line.endsWith('trip_file'))).toEqual(['insert trip_file', 'patch trip_file'])
  })

  test('the trash keeps a file until it is deleted for good', async () => {
    const { upload, names, trash, run, tripId, ben, watcher } = await scene()
    const [a, b, c] = [await upload(PDF, 'a.pdf'), await upload(PDF, 'b.pdf'), await upload(PDF, 'c.pdf')]
    const act = (
      operation: typeof files.trash_file | typeof files.restore_file | typeof files.delete_file,
      fileId: number,
    ) => run(operation, { tripId, fileId }, ben)
    for (const { id } of [a, b, c]) await act(files.trash_file, id)
    await act(files.trash_file, a.id)
    expect([await names(), (await trash()).sort()]).toEqual([[], ['a.pdf', 'b.pdf', 'c.pdf']])
    await act(files.restore_file, b.id)
    await act(files.delete_file, a.id)
    expect([await names(), await trash()]).toEqual([['b.pdf'], ['c.pdf']])
    expect(await run(files.empty_trash, { tripId }, ben)).toEqual({ success: true, deleted: 1 })
    expect([await names(), await trash()]).toEqual([['b.pdf'], []])
    await expect(act(files.restore_file, a.id)).rejects.toMatchObject({ code: 'not_found' })
    expect(watcher.lines).toEqual([
      ...Array(3).fill('insert trip_file'),
      ...Array(3).fill('patch trip_file'),
      'patch trip_file',
      'remove trip_file',
      'remove trip_file',
    ])
  })

  test('the files of a trip share a size limit, including the trash', async () => {
    const { upload, ana, tripId, run } = await scene()
    const file = await upload(PDF, 'a.pdf')
    await database()
      .kysely.updateTable('trip_files' as never)
      .set({ size: files.TRIP_BYTES - PDF.length } as never)
      .where('id' as never, '=', file.id as never)
      .execute()
    await run(files.trash_file, { tripId, fileId: file.id }, ana)
    await upload(PDF, 'fits.pdf')
    await expect(upload(PDF, 'no longer.pdf')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('1 GB'),
      details: { taken_bytes: files.TRIP_BYTES },
    })
    await run(files.empty_trash, { tripId }, ana)
    await upload(PDF, 'again.pdf')
  })

  test('a cover is an image within size limits', async () => {
    const { run, tripId, ana, ben, services, watcher } = await scene()
    const cover = async (bytes: Buffer, caller = ana) =>
      (await run(files.upload_trip_cover, { tripId, file: await uploaded(services.files, bytes, 'x') }, caller)).trip
        .cover_image
    const png = (width: number, height: number) => {
      const bytes = Buffer.alloc(33)
      bytes.write('\x89PNG\r\n\x1a\n', 'latin1')
      bytes.write('IHDR', 12, 'latin1')
      bytes.writeUInt32BE(width, 16)
      bytes.writeUInt32BE(height, 20)
      return bytes
    }
    const jpeg = (width: number, height: number) => {
      const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0])
      frame.writeUInt16BE(height, 5)
      frame.writeUInt16BE(width, 7)
      return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 4, 0, 0]), frame])
    }
    const webp = (width: number, height: number) => {
      const bytes = Buffer.alloc(40)
      bytes.write('RIFF', 0, 'latin1')
      bytes.write('WEBPVP8X', 8, 'latin1')
      bytes.writeUIntLE(width - 1, 24, 3)
      bytes.writeUIntLE(height - 1, 27, 3)
      return bytes
    }
    for (const [make, ending] of [
      [png, 'png'],
      [jpeg, 'jpg'],
      [webp, 'webp'],
    ] as const) {
      expect(await cover(make(12_000, 12_000))).toMatch(new RegExp(`^/api/covers/[0-9a-f-]{36}\\.${ending}$`))
      for (const [width, height] of [
        [12_001, 10],
        [10, 12_001],
      ] as const) {
        await expect(cover(make(width, height)), ending).rejects.toThrow(/at most 12000/)
      }
    }
    await expect(cover(PDF)).rejects.toThrow(/is a PDF/)
    await expect(cover(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).rejects.toThrow(/damaged/)
    await expect(cover(PIXEL, ben)).rejects.toMatchObject({ code: 'forbidden' })
    expect(watcher.lines).toEqual(Array(3).fill('patch trip'))
  })

  test('a cover must have been uploaded to the trip and still exist', async () => {
    const { run, tripId, ana, ben, services } = await scene()
    const upload = async (id: number) => {
      const file = await uploaded(services.files, PIXEL, 'x.gif')
      const { cover_image } = (await run(files.upload_trip_cover, { tripId: id, file }, ana)).trip
      return { cover_image, key: file.key }
    }
    const choose = (cover_image: string | null, more: object = {}) =>
      run(update_trip, { tripId, cover_image, ...more }, ana)
    const { trip: other } = await run(create_trip, { title: 'Nara' }, ana)
    const [first, second, foreignCover] = [await upload(tripId), await upload(tripId), await upload(other.id)]
    const ticket = await uploaded(services.files, PIXEL, 'ticket.gif')
    await run(files.upload_file, { tripId, file: ticket }, ana)
    for (const invalidCover of [
      '/api/covers/kyoto.webp',
      `/api/covers/${ticket.key}.gif`,
      first.cover_image?.replace('.gif', '.png'),
      foreignCover.cover_image,
    ]) {
      await expect(choose(invalidCover as string, { title: 'Osaka' }), invalidCover as string).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'cover_image', message: expect.stringContaining('uploaded to this trip') }],
        hint: expect.stringContaining('null removes it'),
      })
    }
    await expect(run(update_trip, { tripId, cover_image: first.cover_image }, ben)).rejects.toMatchObject({
      code: 'forbidden',
    })
    // Choosing an earlier cover, and choosing the current one again, both work.
    expect((await choose(first.cover_image)).trip).toMatchObject({ title: 'Kyoto', cover_image: first.cover_image })
    expect((await choose(first.cover_image)).trip.cover_image).toBe(first.cover_image)
    expect((await choose(null)).trip.cover_image).toBeNull()
    await services.files.drop(second.key)
    await expect(choose(second.cover_image)).rejects.toThrow(/picture has been deleted/)
    const copy = (await run(copy_trip, { tripId: other.id }, ana)).trip
    const input = { tripId: copy.id, cover_image: foreignCover.cover_image }
    expect((await run(update_trip, input, ana)).trip.cover_image).toBe(foreignCover.cover_image)
  })

  test('a copy of a trip has its cover and none of its files; deleting a trip deletes its files', async () => {
    const { upload, run, tripId, ana, ben, services, names } = await scene()
    await upload(PDF, 'ana.pdf')
    await upload(PDF, 'ben.pdf', {}, ben)
    const file = await uploaded(services.files, PIXEL, 'x.gif')
    const { cover_image } = (await run(files.upload_trip_cover, { tripId, file }, ana)).trip
    const copy = (await run(copy_trip, { tripId }, ben)).trip
    expect(copy.cover_image).toBe(cover_image)
    expect((await run(files.list_files, { tripId: copy.id }, ben)).files).toEqual([])
    await run(remove_trip_member, { tripId, memberId: ben.userId }, ana)
    await expect(names()).rejects.toMatchObject({ code: 'not_found' })
    expect((await run(files.list_files, { tripId }, ana)).files).toHaveLength(2)
    await run(delete_trip, { tripId }, ana)
    const rowsLeft = await database()
      .kysely.selectFrom('trip_files')
      .select('id')
      .where('trip_id', '=', tripId)
      .execute()
    expect(rowsLeft).toEqual([])
    // The copy still has the cover.
    expect((await run(files.get_cover, { name: cover_image?.split('/').at(-1) }, ben)).file.key).toBe(file.key)
  })
})
