import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { APP_URL } from '../../../../test/harness/network/outside-address.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { type Caller, SYSTEM } from '../../../core/data/space.ts'
import { type Hook, onHook } from '../../../core/run/feature.ts'
import { messages as core } from '../../../core/run/messages.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { send_collab_message } from '../../collab/contract/index.ts'
import { bookingChange } from '../../reservations/contract/news.ts'
import { create_todo, set_todo_category_assignees, toggle_todo } from '../../todos/contract/index.ts'
import {
  add_guest,
  add_trip_member,
  create_trip,
  delete_trip,
  remove_trip_member,
  update_trip,
} from '../../trips/contract/index.ts'
import * as notifications from '../contract/index.ts'
import { type DueItem, dueSoon, tripNews } from './hooks.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const { run } = world
    const [ana, ben, cleo] = [
      await makeUser(database(), 'Ana'),
      await makeUser(database(), 'Ben'),
      await makeUser(database(), 'Cleo'),
    ]
    const { trip } = await run(create_trip, { title: 'Kyoto' }, ana)
    const tripId = trip.id
    const watchers = {
      ana: await world.watch({ space: 'user', id: ana.userId }, ana),
      ben: await world.watch({ space: 'user', id: ben.userId }, ben),
    }
    const join = async ({ userId }: Caller) => {
      const { username } = await database()
        .kysely.selectFrom('users')
        .select('username')
        .where('id', '=', userId)
        .executeTakeFirstOrThrow()
      await run(add_trip_member, { tripId, identifier: username }, ana)
    }
    await join(ben)
    await join(cleo)
    const sendMessage = (text: string, caller = ana) => run(send_collab_message, { tripId, text }, caller)
    const inbox = (caller: Caller, more: object = {}) => run(notifications.list_notifications, more, caller)
    const titles = async (caller: Caller) => (await inbox(caller)).notifications.map(({ title }) => title)
    const clear = (caller: Caller) => run(notifications.delete_all_notifications, {}, caller)
    /** Runs a hook in place of the feature that runs it. */
    const emitHook = (hook: Hook<never, unknown, never>, items: unknown) => {
      const answers = world.catalogue.listenersOf.bind(world.catalogue)
      world.catalogue.listenersOf = (requestedHook) =>
        requestedHook.name === hook.name ? [onHook(hook, async () => items as never)] : answers(requestedHook)
    }
    return { ...world, ana, ben, cleo, tripId, watchers, sendMessage, inbox, titles, clear, emitHook }
  }

  test('a member added to a trip is notified, with a link to it', async () => {
    const { inbox, titles, ana, ben, tripId, watchers, run } = await scene()
    const { notifications: received, total, unread_count } = await inbox(ben)
    expect([total, unread_count]).toEqual([1, 1])
    expect(received).toEqual([
      {
        id: expect.any(Number),
        event: 'trip_invite',
        title: 'Ana added you to “Kyoto”',
        title_message: { key: 'trips.invited', params: { who: 'Ana', trip: 'Kyoto' } },
        text: 'You can see the whole trip and plan along.',
        text_message: { key: 'trips.canPlan', params: {} },
        link: `/trips/${tripId}`,
        url: `${APP_URL}/trips/${tripId}`,
        trip_id: tripId,
        trip_title: 'Kyoto',
        actor: expect.objectContaining({ user_id: ana.userId, name: 'Ana' }),
        count: 1,
        is_read: false,
        created_at: expect.any(String),
      },
    ])
    expect(watchers.ben.lines).toEqual(['insert trip_member', 'insert notification'])
    expect(await titles(ana)).toEqual([])
    await run(update_trip, { tripId, title: 'Nara' }, ana)
    expect(await titles(ben)).toEqual(['Ana added you to “Nara”'])
  })

  test('a program learns the subject of a notification only if it may read it at its source', async () => {
    const { sendMessage, inbox, run, ben } = await scene()
    await sendMessage('The key is under the mat')
    const granted = (...scopes: string[]) => ({ ...ben, scopes: new Set(scopes) })
    const [received] = (await inbox(granted('notifications:read'))).notifications
    expect(received).toMatchObject({
      title: 'Ana wrote in “Kyoto”',
      text: 'Only programs with the scope collab:read can see what this is about.',
      text_message: { key: 'notifications.hidden', params: { scope: 'collab:read' } },
    })
    const one = { notificationId: received?.id }
    const { notification } = await run(notifications.mark_notification_read, one, granted('notifications:write'))
    expect(JSON.stringify(notification)).not.toContain('mat')
    const [receivedWithSubject] = (await inbox(granted('notifications:read', 'collab:write'))).notifications
    expect(receivedWithSubject).toMatchObject({
      text: 'The key is under the mat',
      text_message: { key: '', params: {} },
    })
  })

  test('a burst of messages becomes one notification, until it is read', async () => {
    const { sendMessage, inbox, clear, run, ana, ben, cleo, watchers, tripId } = await scene()
    await clear(ben)
    await sendMessage('One')
    await sendMessage('Two', cleo)
    const [burst] = (await inbox(ben)).notifications
    expect(burst).toMatchObject({
      title: '2 new messages in “Kyoto”',
      text: 'Cleo: Two',
      count: 2,
      link: `/trips/${tripId}?part=together`,
    })
    await run(notifications.mark_notification_read, { notificationId: burst?.id }, ben)
    await sendMessage('Three')
    const { notifications: received, unread_count } = await inbox(ben)
    expect(received.map(({ text, is_read }) => [text, is_read])).toEqual([
      ['Three', false],
      ['Cleo: Two', true],
    ])
    expect(unread_count).toBe(1)
    expect(watchers.ben.lines.slice(3)).toEqual([
      'insert notification',
      'patch notification',
      'patch notification',
      'insert notification',
    ])
    expect((await inbox(ana)).notifications.map(({ count, title }) => [count, title])).toEqual([
      [1, 'Cleo wrote in “Kyoto”'],
    ])
  })

  test('reading while others write loses nothing', async () => {
    const { sendMessage, inbox, run, clear, ben } = await scene()
    await clear(ben)
    await sendMessage('First')
    const { notifications: first } = await inbox(ben)
    const notificationId = first[0]?.id
    const turns = [notifications.mark_notification_unread, notifications.mark_notification_read]
    await Promise.all(
      Array.from({ length: 12 }, async (_, turn) => {
        await Promise.all([sendMessage(`${turn}`), run(turns[turn % 2] as (typeof turns)[0], { notificationId }, ben)])
      }),
    )
    const { notifications: received } = await inbox(ben)
    expect(received.reduce((sum, { count }) => sum + count, 0)).toBe(13)
  })

  test('guests and the author of a change are not notified', async () => {
    const { run, tripId, ana, ben, sendMessage, database: db } = await scene()
    const { member } = await run(add_guest, { tripId, name: 'Grandma' }, ana)
    await sendMessage('Hello', ben)
    const rows = await db.read((tx) => tx.list(notifications.Notification, { trip_id: tripId }))
    const recipients = rows.filter(({ event }) => event === 'collab_message').map(({ recipient_id }) => recipient_id)
    expect(recipients).not.toContain(member.user_id)
    expect(recipients).not.toContain(ben.userId)
    expect(recipients).toHaveLength(2)
  })

  test('read, unread, all read, deleted: each applies at once, and only for the user', async () => {
    const { run, inbox, ana, ben, sendMessage } = await scene()
    await sendMessage('One')
    const count = async () => (await run(notifications.get_unread_notification_count, {}, ben)).count
    expect(await count()).toBe(2)
    const { notifications: allReceived } = await inbox(ben)
    const id = allReceived[0]?.id
    const read = await run(notifications.mark_notification_read, { notificationId: id }, ben)
    expect(read.notification).toEqual({ ...allReceived[0], is_read: true })
    expect(await count()).toBe(1)
    expect((await inbox(ben, { unread_only: true })).notifications.map((one) => one.id)).toEqual([allReceived[1]?.id])
    expect((await inbox(ben, { limit: 1, offset: 1 })).notifications.map((one) => one.id)).toEqual([allReceived[1]?.id])
    expect((await inbox(ben, { limit: 5000 })).total).toBe(2)
    const newest = await run(notifications.list_newest_notifications, {}, ben)
    expect(newest.notifications.map((one) => one.id)).toEqual([allReceived[1]?.id, id])
    await run(notifications.mark_notification_unread, { notificationId: id }, ben)
    expect(await run(notifications.mark_all_notifications_read, {}, ben)).toEqual({ success: true, marked: 2 })
    expect(await count()).toBe(0)
    for (const operation of [notifications.mark_notification_read, notifications.delete_notification]) {
      await expect(run(operation, { notificationId: id }, ana)).rejects.toMatchObject({ code: 'not_found' })
    }
    await run(notifications.delete_notification, { notificationId: id }, ben)
    expect((await inbox(ben)).total).toBe(1)
    expect(await run(notifications.delete_all_notifications, {}, ben)).toEqual({ success: true, deleted: 1 })
    expect((await inbox(ben)).total).toBe(0)
  })

  test('a user is not notified of events that they have switched off', async () => {
    const { run, sendMessage, clear, titles, ben, ana, watchers } = await scene()
    await clear(ben)
    const before = (await run(notifications.get_notification_preferences, {}, ben)).preferences
    expect(Object.values(before)).toEqual(Array(6).fill(true))
    const off = await run(notifications.update_notification_preferences, { collab_message: false }, ben)
    expect(off.preferences).toEqual({ ...before, collab_message: false })
    await sendMessage('Hello')
    expect(await titles(ben)).toEqual([])
    await run(notifications.update_notification_preferences, { collab_message: true }, ben)
    await sendMessage('Hello again')
    expect(await titles(ben)).toEqual(['Ana wrote in “Kyoto”'])
    expect(watchers.ben.lines.slice(3)).toEqual([
      'insert notification_preference',
      'patch notification_preference',
      'insert notification',
    ])
    expect((await run(notifications.get_notification_preferences, {}, ana)).preferences.collab_message).toBe(true)
  })

  test('changes that one person makes together are one notification; another person’s change is separate', async () => {
    const { pipeline, inbox, clear, run, ana, ben, cleo, tripId, catalogue } = await scene()
    await clear(ben)
    // Stands in for a feature that notifies of bookings.
    const bound = catalogue.operations.get('update_trip')
    const handle = bound?.handle
    catalogue.operations.set('update_trip', {
      ...(bound as NonNullable<typeof bound>),
      handle: async (call) => {
        const title = String((call.input as { title: string }).title)
        await call.emit(tripNews, { tripId, event: bookingChange, to: 'everybody', about: title })
        return (handle as NonNullable<typeof handle>)({ ...call, input: { tripId } as never })
      },
    })
    const admin = { admin: true }
    for (const title of ['Inn', 'Train']) await run(update_trip, { tripId, title }, ana)
    await run(update_trip, { tripId, title: 'Dinner' }, { ...cleo, ...admin })
    expect((await inbox(ben)).notifications.map(({ title, text }) => [title, text])).toEqual([
      ['Cleo changed a booking in “Kyoto”', 'Dinner'],
      ['Ana changed 2 bookings in “Kyoto”', 'Train'],
    ])
    const partsWithClock = pipeline.parts as { clock?: () => Date }
    partsWithClock.clock = () => new Date(Date.now() + 11 * 60_000)
    await run(update_trip, { tripId, title: 'Flight' }, { ...cleo, ...admin })
    expect((await inbox(ben)).notifications.map(({ text }) => text)).toEqual(['Flight', 'Dinner', 'Train'])
  })

  test('a trip that starts soon causes one reminder, even with concurrent checks or after the reminder is deleted', async () => {
    const { run, clear, titles, inbox, ana, ben, cleo, tripId } = await scene()
    for (const caller of [ben, cleo]) await clear(caller)
    const remind = (today: string) => run(notifications.send_reminders, { today }, SYSTEM)
    await run(update_trip, { tripId, start_date: '2031-04-05', end_date: '2031-04-08', reminder_days: 7 }, ana)
    await remind('2031-03-28')
    expect(await titles(ben)).toEqual([])
    await Promise.all([remind('2031-03-29'), remind('2031-03-29')])
    expect((await inbox(ben)).notifications).toEqual([
      expect.objectContaining({
        title: '“Kyoto” starts soon',
        text: 'It starts on 2031-04-05.',
        text_message: { key: 'trips.startsOn', params: { date: '2031-04-05' } },
        actor: null,
        link: `/trips/${tripId}`,
      }),
    ])
    expect(await titles(ana)).toHaveLength(1)
    await clear(ben)
    expect(await titles(ben)).toEqual([])
    await remind('2031-03-30')
    expect(await titles(ben)).toEqual([])
    expect(await titles(cleo)).toHaveLength(1)
    await run(update_trip, { tripId, start_date: '2031-04-06', end_date: '2031-04-09' }, ana)
    await remind('2031-04-01')
    expect(await titles(ben)).toEqual(['“Kyoto” starts soon'])
    await expect(run(notifications.send_reminders, { today: '2031-04-01' }, ana)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test('a trip that is archived, has no dates or has reminders off causes no reminder', async () => {
    const { run, clear, titles, ana, ben, tripId } = await scene()
    await clear(ben)
    const dates = { start_date: '2032-04-05', end_date: '2032-04-08' }
    await run(update_trip, { tripId, ...dates, reminder_days: 0 }, ana)
    const remind = () => run(notifications.send_reminders, { today: '2032-04-04' }, SYSTEM)
    await remind()
    await run(update_trip, { tripId, reminder_days: 3, is_archived: true }, ana)
    await remind()
    expect(await titles(ben)).toEqual([])
  })

  test('due items of an archived trip cause no notification', async () => {
    const { run, clear, titles, ana, ben, tripId } = await scene()
    for (const caller of [ana, ben]) await clear(caller)
    await run(create_todo, { tripId, name: 'Visa', due_date: '2035-01-04', assigned_user_id: ben.userId }, ana)
    await run(update_trip, { tripId, is_archived: true }, ana)
    await run(notifications.send_reminders, { today: '2035-01-03' }, SYSTEM)
    expect([await titles(ana), await titles(ben)]).toEqual([[], []])
    await run(update_trip, { tripId, is_archived: false }, ana)
    await run(notifications.send_reminders, { today: '2035-01-03' }, SYSTEM)
    expect(await titles(ben)).toEqual(['There is something to do for “Kyoto”'])
  })

  test('due items are notified to the people concerned, once per date', async () => {
    const { run, clear, inbox, titles, emitHook, ana, ben, cleo, tripId } = await scene()
    for (const caller of [ana, ben, cleo]) await clear(caller)
    const item: DueItem = { tripId, key: 'todo 1', about: 'Buy rail passes', date: '2031-01-03', to: [ben.userId] }
    emitHook(dueSoon as never, [item])
    const remind = () => run(notifications.send_reminders, { today: '2031-01-01' }, SYSTEM)
    expect(await remind()).toMatchObject({ sent: expect.any(Number) })
    await remind()
    expect((await inbox(ben)).notifications).toEqual([
      expect.objectContaining({
        title: 'There is something to do for “Kyoto”',
        text: 'Buy rail passes, by 2031-01-03',
        link: `/trips/${tripId}?part=todos`,
      }),
    ])
    expect(await titles(cleo)).toEqual([])
    emitHook(dueSoon as never, [{ ...item, date: '2031-01-04', to: 'everybody' }])
    await remind()
    expect(
      [await titles(ana), await titles(ben), await titles(cleo)].map((titlesOfUser) => titlesOfUser.length),
    ).toEqual([1, 2, 1])
  })

  test('a due to-do concerns its assignee, else the assignees of its category, else all members', async () => {
    const { run, clear, inbox, ana, ben, cleo, tripId } = await scene()
    for (const caller of [ana, ben, cleo]) await clear(caller)
    const todo = async (name: string, more: object) =>
      (await run(create_todo, { tripId, name, due_date: '2034-01-04', ...more }, ana)).item
    await todo('Visa', { assigned_user_id: ben.userId })
    await run(set_todo_category_assignees, { tripId, categoryName: 'Money', userIds: [cleo.userId] }, ana)
    await todo('Yen', { category: 'Money' })
    await todo('Adapters', { category: 'Things' })
    await todo('Later', { due_date: '2034-01-05' })
    const doneTodo = await todo('Done', {})
    await run(toggle_todo, { tripId, itemId: doneTodo.id, checked: true }, ana)
    await run(notifications.send_reminders, { today: '2034-01-01' }, SYSTEM)
    const texts = async (caller: Caller) =>
      (await inbox(caller)).notifications.map(({ text }) => text.split(',')[0]).sort()
    expect([await texts(ana), await texts(ben), await texts(cleo)]).toEqual([
      ['Adapters'],
      ['Adapters', 'Visa'],
      ['Adapters', 'Yen'],
    ])
  })

  test('old notifications are deleted automatically', async () => {
    const { run, inbox, ben, pipeline } = await scene()
    expect((await inbox(ben)).total).toBe(1)
    const parts = pipeline.parts as { clock?: () => Date }
    parts.clock = () => new Date(Date.now() + 181 * 86_400_000)
    await run(notifications.send_reminders, { today: '2033-01-01' }, SYSTEM)
    expect((await inbox(ben)).total).toBe(0)
  })

  test('leaving a trip, deleting a trip and deleting an account delete the notifications', async () => {
    const { run, sendMessage, titles, inbox, ana, ben, cleo, tripId } = await scene()
    await sendMessage('Hello', ben)
    await run(remove_trip_member, { tripId, memberId: cleo.userId }, ana)
    expect(await titles(cleo)).toEqual([])
    const admin = await makeUser(database(), 'Root', { admin: true, way: 'web' })
    await run(notifications.update_notification_preferences, { trip_invite: false }, ben)
    await run(delete_user, { userId: ben.userId }, admin)
    expect((await inbox(ana)).notifications).toEqual([
      expect.objectContaining({
        title: 'Somebody wrote in “Kyoto”',
        title_message: { key: 'collab.written', params: { who: core.somebody(), trip: 'Kyoto' } },
        actor: null,
      }),
    ])
    await run(delete_trip, { tripId }, ana)
    expect(await titles(ana)).toEqual([])
  })
})
