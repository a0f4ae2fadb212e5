import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { PROJECTS, projectOf, suites } from './test/harness/projects.ts'

const POSTGRES = 'test/harness/database/postgres.setup.ts'
const BUILT = 'test/harness/processes/built.setup.ts'
const CHROMIUM = 'test/harness/browser/browser.setup.ts'

/** What is ready before the first suite of a project, and whether each suite has a process of its own. */
const NEEDS = {
  unit: { globalSetup: [BUILT], isolate: false },
  database: { globalSetup: [BUILT, POSTGRES], isolate: false },
  isolated: { globalSetup: [BUILT, POSTGRES], isolate: true },
  browser: { globalSetup: [BUILT, POSTGRES, CHROMIUM], isolate: false },
}

const all = suites().map((file) => ({ file, project: projectOf(file) }))

const ORDER: readonly string[] = PROJECTS

/** What takes longest begins first, and suites that share a process follow one another. */
class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project }: TestSpecification) => -ORDER.indexOf(project.name)
    return (await super.sort(specifications)).toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: PROJECTS.map((name) => ({
      test: {
        name,
        include: all.filter(({ project }) => project === name).map(({ file }) => file),
        testTimeout: 20_000,
        hookTimeout: 60_000,
        pool: 'forks',
        // Room for young objects: they are collected less often, which takes 6 % less processor time.
        execArgv: ['--min-semi-space-size=16', '--max-semi-space-size=64'],
        ...NEEDS[name],
      },
    })),
  },
})
