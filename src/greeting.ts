import type { NetworkInterfaceInfo } from 'node:os'
import type { Config } from './config/index.ts'

interface Start {
  /** The URL on which the server listens. */
  readonly url: string
  readonly config: Pick<Config, 'appUrl' | 'host' | 'allowedHosts' | 'dataDir'>
  /** The first administrator, if this start created one; the password is null if it came from ADMIN_PASSWORD. */
  readonly admin: { readonly username: string; readonly email: string; readonly password: string | null } | null
  /** Whether assistants can connect. */
  readonly assistants: boolean
  /** Whether it was started by `npm start` in a checkout. */
  readonly byNpm: boolean
  readonly interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>
}

/** The lines of a start message: the server's URL, the first login, how to connect an assistant, how to stop it. */
export function greeting({ url, config, admin, assistants, byNpm, interfaces }: Start): string[] {
  const open = config.appUrl ?? url
  return [
    '',
    `TREK is running: ${open}`,
    ...(config.appUrl ? [] : whoReaches(url, config, interfaces)),
    '',
    ...(admin
      ? [
          'Log in as the first administrator. This is shown only now:',
          `  user name  ${admin.username}`,
          `  e-mail     ${admin.email}`,
          `  password   ${admin.password ?? 'the one in ADMIN_PASSWORD'}`,
          'Then change the password under Settings, and make accounts for the others under Administration.',
          '',
        ]
      : []),
    ...(assistants
      ? [`Assistants connect to ${open}/mcp`, 'Give them this address, and allow them in the browser.']
      : [`Assistants cannot connect yet. To let them: ${byNpm ? 'npm run -s trek --' : 'npx trek'} addon enable mcp`]),
    '',
    `Everything is kept in ${config.dataDir}. Ctrl-C stops the server.`,
    '',
  ].map((line) => line && `  ${line}`)
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** Without APP_URL, a server answers to IP addresses, localhost and ALLOWED_HOSTS. */
function whoReaches(url: string, { host, allowedHosts }: Start['config'], interfaces: Start['interfaces']): string[] {
  if (isLoopback(host)) {
    return ['Only this machine can open it. For phones in the same network, start it with HOST=0.0.0.0.']
  }
  const { port } = new URL(url)
  const addresses = Object.values(interfaces)
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  const inNetwork = [...allowedHosts, ...addresses].map((name) => `http://${name}:${port}`)
  return [
    ...(inNetwork.length ? [`In the same network: ${inNetwork.join(', ')}`] : []),
    'Set APP_URL to the address that people open, so that links and assistants use it.',
  ]
}
