import { implement, prepared } from '../../../core/run/feature.ts'
import * as contract from '../../contract/oauth.ts'
import type { RedirectRules } from '../../contract/redirects.ts'
import { clientHandlers } from './client-handlers.ts'
import { type GrantHandlerParts, grantHandlers } from './grant-handlers.ts'
import { messages } from './messages.ts'
import { WEB_TOKEN_SECONDS, type WebTokens } from './web-token.ts'

export interface OAuthHandlerParts extends GrantHandlerParts {
  readonly webTokens: WebTokens
  readonly redirects: RedirectRules
  /** The public URL of `/mcp`, and whether it is reachable publicly. */
  mcpAddress(): { url: string; is_public: boolean }
  /** Whether assistants can connect. */
  isOn(): Promise<boolean>
}

export const oauthHandlers = ({ webTokens, redirects, mcpAddress, isOn, titleOf }: OAuthHandlerParts) =>
  implement(contract, {
    ...clientHandlers({ redirects, mcpUrl: () => mcpAddress().url }),
    ...grantHandlers({ titleOf }),

    get_mcp_access: async () => ({ ...mcpAddress(), enabled: await isOn() }),

    create_web_token: prepared(contract.create_web_token, {
      prepare: async (_input, caller) => {
        const [kind, id] = caller.grant?.split(':') ?? []
        if (caller.way !== 'web' || kind !== 'session') {
          throw messages.pageOnly()
        }
        return webTokens.issue(Number(id), caller.userId)
      },
      handle: async ({ prepared: token }) => ({ token, expires_in: WEB_TOKEN_SECONDS }),
    }),
  })
