import { runCli } from '../src/cli/index.ts'
import { readConfig } from '../src/config.ts'
import { migrate } from '../src/db/migrate.ts'
import { accountParts } from './accounts.ts'

/** The command line as a process of its own, on whatever database the environment names. */
process.exitCode = await runCli(process.argv.slice(2), {
  config: () => readConfig(),
  stdout: process.stdout,
  stderr: process.stderr,
  async openParts(config) {
    const { database, identity, pipeline } = accountParts(config, (error) => console.error(error))
    await migrate(database)
    return {
      database,
      pipeline,
      async close() {
        await identity.close()
        await database.close()
      },
    }
  },
})
