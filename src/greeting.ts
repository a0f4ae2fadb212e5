import type { NetworkInterfaceInfo } from 'node:os'
import type { Config } from './config.ts'

interface Start {
  /** Where the server listens. */
  readonly url: string
  readonly config: Pick<Config, 'appUrl' | 'host' | 'allowedHosts' | 'dataDir'>
  /** The first administrator, where this start made one; without a password where ADMIN_PASSWORD has it. */
  readonly admin: { readonly username: string; readonly email: string; readonly password: string | null } | null
  /** Whether assistants may connect. */
  readonly assistants: boolean
  /** Whether `npm start` of a checkout started it. */
  readonly byNpm: boolean
  readonly interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>
}

/** What a start says, line by line: where the server is, who may log in first, how an assistant gets in, how it is stopped. */
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
      ? [`Assistants connect to ${open}/mcp`, 'Give them this address, and say yes in the browser.']
      : [`Assistants cannot connect yet. To let them: ${byNpm ? 'npm run -s trek --' : 'npx trek'} addon enable mcp`]),
    '',
    `Everything is kept in ${config.dataDir}. Ctrl-C stops the server.`,
    '',
  ].map((line) => line && `  ${line}`)
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** A server without APP_URL answers to plain addresses, to localhost and to ALLOWED_HOSTS. */
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
