import { type Command, table } from '../command.ts'
import { backups } from './backups.ts'
import { connection, linesOf, MARKS } from './connection.ts'
import { dataFolder, encryptionKey, permissions } from './data-folder.ts'
import { database, storage } from './database.ts'
import { metrics, placeOf, publicAddress, release, server, traces } from './server.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  says: 'Check the instance, and whether programs can connect to it.',
  more: [
    'It checks the data folder, the database, the key, the storage of uploads, the backups, the running server and its release.',
  ],
  options: {},
  wants: 'nothing',
  async run(context) {
    const { config } = context
    const stored = await database(config)
    const place = placeOf(config)
    const running = await server(place)
    const checks = [
      dataFolder(config),
      permissions(config),
      // A finding of the database about the key says more than that there is a key.
      ...(stored.some(({ check }) => check === 'encryption key') ? [] : [encryptionKey(config)]),
      ...stored,
      ...(await storage(config)),
      await backups(config),
      publicAddress(config),
      ...running,
      await metrics(
        config,
        place,
        running.some(({ check, health }) => check === 'server' && health !== 'warning'),
      ),
      await traces(config),
      await release(config),
    ]
    const result = await connection(context, checks)
    const report = typeof result === 'string' ? null : result
    const broken = checks.some(({ health }) => health === 'failed') || report?.outcome === 'failed'
    return {
      json: { ok: !broken, checks, connection: report, skipped: typeof result === 'string' ? result : null },
      lines: [
        ...table(checks.map(({ check, health, says }) => [MARKS[health], check, says])),
        ...(report ? linesOf(report) : ['', `The way from outside was not looked at: ${result}.`]),
      ],
      failed: broken,
    }
  },
}
