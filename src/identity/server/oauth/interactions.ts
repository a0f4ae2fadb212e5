import { type Configuration, errors, interactionPolicy } from 'oidc-provider'
import { pathBelow } from '../../../core/run/base-path.ts'
import { CONSENT_PATH } from './paths.ts'

/** When a person is asked, and at which page. */
export const interactionsFor = (issuer: string): Configuration['interactions'] => ({
  url: (_ctx, interaction) => pathBelow(issuer, `${CONSENT_PATH}/${interaction.uid}`),
  // The login and earlier consent are looked up where the web session is known, so every request goes there.
  policy: [
    new interactionPolicy.Prompt(
      { name: 'login', requestable: true },
      new interactionPolicy.Check('undecided', 'a person has to decide', (ctx) => {
        if (!ctx.oidc.result?.consent) return interactionPolicy.Check.REQUEST_PROMPT
        if (!ctx.oidc.account) throw new errors.AccessDenied('this account was blocked meanwhile')
        return interactionPolicy.Check.NO_NEED_TO_PROMPT
      }),
    ),
    new interactionPolicy.Prompt({ name: 'consent', requestable: true }),
  ],
})
