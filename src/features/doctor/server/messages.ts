import { declareMessages } from '../../../core/declare/declare-messages.ts'

// Titles of findings have no full stop; observations and fixes are whole sentences.

/** The known programs. */
export const client = declareMessages('doctorClient', {
  claude: { text: 'Claude (web, desktop, phone)' },
  chatgpt: { text: 'ChatGPT' },
  claudeCode: { text: 'Claude Code' },
  cursor: { text: 'Cursor' },
  vsCode: { text: 'VS Code' },
  mcpRemote: { text: 'mcp-remote' },
  inspector: { text: 'MCP Inspector in a browser' },
  app: { text: 'TREK in the browser' },
})

/** The summary of a report in one line. */
export const verdict = declareMessages('doctorVerdict', {
  nobody: { text: 'Nobody can connect: {{title}}.' },
  allOpen: {
    text: {
      one: 'Everything works: the {{count}} known program can connect.',
      other: 'Everything works: all {{count}} known programs can connect.',
    },
  },
  someOpen: {
    text: {
      one: '{{count}} of {{programs}} known programs can connect.',
      other: '{{count}} of {{programs}} known programs can connect.',
    },
  },
  couldBeBetter: {
    text: {
      one: 'Everybody can connect. One thing could be better.',
      other: 'Everybody can connect. {{count}} things could be better.',
    },
  },
  partly: {
    text: {
      one: 'Everybody can connect, but one problem keeps something from working.',
      other: 'Everybody can connect, but {{count}} problems keep something from working.',
    },
  },
  someClosed: {
    text: {
      one: 'One problem keeps {{closed}} of {{programs}} known programs from connecting.',
      other: '{{count}} problems keep {{closed}} of {{programs}} known programs from connecting.',
    },
  },
  allClosed: {
    text: {
      one: 'One problem keeps all {{programs}} known programs from connecting.',
      other: '{{count}} problems keep all {{programs}} known programs from connecting.',
    },
  },
})

/** Observations: the request and its answer. */
export const seen = declareMessages('doctorSeen', {
  both: { text: '{{first}} {{second}}' },

  answers: { text: '{{asked}} answers {{status}}.' },
  answersAndSends: { text: '{{asked}} answers {{status}} and redirects to {{address}}.' },
  answersPage: { text: '{{asked}} answers {{status}} with a web page.' },
  answersSaying: { text: '{{asked}} answers {{status}}: “{{said}}”.' },
  answersNoJson: { text: '{{asked}} answers {{status}} with something that is not JSON.' },
  late: { text: '{{asked}} was not answered in time.' },
  failed: { text: '{{asked}} failed: {{reason}} ({{code}}).' },
  cutOff: { text: '{{asked}} was cut off.' },
  header: { text: '{{header}}: {{value}}' },
  noHeader: { text: '(none)' },

  address: { text: 'The address is {{address}}.' },
  appUrl: { text: 'APP_URL is {{address}}.' },
  answersAs: { text: 'TREK answers as {{address}}.' },
  leadsTo: { text: '{{host}} leads to {{addresses}}.' },
  openedElsewhere: { text: 'You are at {{opened}}, and APP_URL is {{address}}.' },

  ownAnswer: { text: '{{address}} answered a question that only this server can answer.' },
  otherAnswer: { text: '{{answer}} Only this server knows the answer to the question.' },
  answersBelow: { text: '{{answer}} This server answers below {{path}}.' },
  validUntil: { text: 'It is valid until {{date}}.' },
  otherIssuer: { text: 'It gives out addresses below {{issuer}}, but {{address}} is set here.' },
  headersArrived: { text: 'These headers arrived: {{headers}}.' },
  headersLost: { text: 'These headers were sent and did not arrive: {{headers}}.' },
  senderNotBelieved: { text: 'X-Forwarded-For: {{sender}} came from {{proxy}}, which TREK does not believe.' },
  noSender: { text: 'A request came from {{proxy}} without X-Forwarded-For.' },
  sender: { text: 'This request came from {{sender}}.' },

  time: { text: 'It is {{time}}.' },
  timeOfProxy: { text: 'This server: {{here}}. The reverse proxy: {{there}}.' },
  timeOfDevice: { text: 'This server: {{here}}. Your own device: {{there}}.' },

  notAsked: { text: 'The checks for assistants were skipped.' },
  assistantsCome: { text: 'Assistants can connect.' },
  challenge: { text: '{{answer}} WWW-Authenticate: {{header}}' },
  noChallenge: { text: '{{answer}} It has no WWW-Authenticate.' },
  otherChallenge: { text: 'WWW-Authenticate names {{address}}.' },
  documentNames: { text: '{{path}} names {{address}}.' },
  documents: {
    text: {
      one: '{{count}} address answers with JSON for {{address}}. Registration and client ID metadata documents are offered.',
      other:
        '{{count}} addresses answer with JSON for {{address}}. Registration and client ID metadata documents are offered.',
    },
  },
  documentsMissing: { text: '{{answer}} In all: {{paths}}.' },
  documentAnswers: { text: '{{path}} {{status}}' },
  registrations: {
    text: {
      one: '{{count}} registration was accepted, and removed again.',
      other: '{{count}} registrations were accepted, and removed again.',
    },
  },
  cookieBack: { text: '{{answer}} Its cookie comes back.' },
  noCookie: { text: 'The answer of /oauth/authorize sets no cookie.' },
  shortcuts: { text: 'TREK answers at {{paths}}.' },
  sessionBack: { text: '{{answer}} Mcp-Session-Id comes back.' },
  tokenSent: { text: '{{answer}} The request had a token.' },
  sessionSent: { text: '{{answer}} The request had this header.' },
  noSessionId: { text: 'The answer to initialize has no Mcp-Session-Id.' },
  firstEvent: { text: 'GET /mcp answers 200, and its first event came at once.' },
  cutOffSoon: { text: 'GET /mcp was cut off after a moment.' },
  cutOffBecause: { text: 'GET /mcp was cut off: {{reason}}.' },
  noEvent: { text: 'GET /mcp gave no event in time, although TREK sends the first event at once.' },
  upgraded: { text: 'The request to upgrade arrived: {{answer}}' },
  sizes: { text: 'A message of 1 MB arrived, and a file of 50 MB is not refused.' },
  slowAnswer: { text: 'An answer that took {{seconds}} seconds arrived.' },
  crossOrigin: { text: '{{answer}} Access-Control-Allow-Origin: {{value}}' },
  pagesAsk: {
    text: {
      one: 'A page at {{origin}} can send requests to {{count}} path and read the answers.',
      other: 'A page at {{origin}} can send requests to {{count}} paths and read the answers.',
    },
  },
  metricsOff: { text: '{{answer}} METRICS_TOKEN switches them on.' },
  tracesSent: { text: 'They are sent to {{address}}.' },
  tracesOff: { text: 'OTEL_EXPORTER_OTLP_ENDPOINT switches them on.' },
})

/** Titles of what works. */
export const good = declareMessages('doctorGood', {
  reach: { text: 'The address answers' },
  instance: { text: 'The address leads to this server' },
  address: { text: 'APP_URL is a public address with https' },
  host: { text: 'The host name that people ask for arrives' },
  headers: { text: 'All headers of assistants and of the app arrive' },
  sender: { text: 'TREK learns where requests come from' },
  clock: { text: 'The clocks agree' },
  addon: { text: 'The add-on MCP is switched on' },
  challenge: { text: 'Assistants are told where to log in' },
  discovery: { text: 'All discovery documents are found' },
  registration: { text: 'All known programs can register themselves' },
  consent: { text: 'People are led to the consent page' },
  token: { text: 'Codes can be exchanged for tokens' },
  shortcuts: { text: 'The addresses that some programs guess get through' },
  session: { text: 'Assistants can open a session and use it' },
  stream: { text: 'Events reach assistants as they happen' },
  modern: { text: 'The newest revision of MCP is answered' },
  websocket: { text: 'Live updates get through' },
  size: { text: 'Requests can be as large as TREK accepts them' },
  patience: { text: 'The proxy waits for slow answers' },
  pages: { text: 'Pages of other sites can connect' },
  metricsOn: { text: 'Metrics for Prometheus are on, and strangers are refused' },
  metricsOff: { text: 'Metrics for Prometheus are off' },
  tracesOn: { text: 'Traces are on' },
  tracesOff: { text: 'Traces are off' },
})

/** Titles of what is wrong. */
export const bad = declareMessages('doctorBad', {
  noAppUrl: { text: 'APP_URL is not set, so only programs on this very machine can connect' },
  appUrlIsMachine: { text: 'APP_URL names this machine, so only programs on it can connect' },
  appUrlIsHttp: { text: 'APP_URL is http: passwords and tokens are sent unencrypted, and assistants refuse it' },
  networkHttp: { text: 'APP_URL is http and inside your own network: programs elsewhere cannot reach it' },
  network: { text: 'APP_URL leads into your own network: programs elsewhere cannot reach it' },
  openedElsewhere: { text: 'You have opened TREK at another address than APP_URL' },

  otherAppUrlThere: { text: 'The server that answers at APP_URL was started with another APP_URL' },
  otherAppUrl: { text: 'The running server was started with another APP_URL' },
  otherHost: { text: 'The proxy asks TREK for another host: {{host}}' },
  otherServer: { text: 'APP_URL leads to another server than this one' },
  belowPath: { text: 'TREK is served below {{path}}, and APP_URL does not say so' },
  otherSite: { text: 'Another website answers at APP_URL' },
  certificateEnds: { text: 'The certificate ends within a week' },
  hostChanged: { text: 'The proxy says {{header}}: {{sent}} where people asked for {{host}}' },
  originLost: { text: 'The proxy removes the header Origin, by which TREK recognizes pages of other sites' },
  headersLost: {
    text: {
      one: 'The proxy removes the header {{headers}} from requests',
      other: 'The proxy removes the headers {{headers}} from requests',
    },
  },
  otherProxyTrusted: { text: 'TRUST_PROXY names another proxy, so all people share the address of this one' },
  noProxyTrusted: { text: 'TRUST_PROXY is not set, so all people share the address of the proxy' },
  noSender: { text: 'The proxy does not say where requests come from, so all people share its address' },
  scheme: { text: 'The proxy says {{sent}} where people use {{scheme}}' },

  clockOfProxy: {
    text: {
      one: 'The clocks of this server and the reverse proxy differ by about a minute',
      other: 'The clocks of this server and the reverse proxy differ by about {{count}} minutes',
    },
  },
  clockOfDevice: {
    text: {
      one: 'The clocks of this server and your own device differ by about a minute',
      other: 'The clocks of this server and your own device differ by about {{count}} minutes',
    },
  },

  noAddon: { text: 'The add-on MCP is switched off, so no assistant can connect' },
  challengeLost: { text: 'The proxy removes the header WWW-Authenticate, which tells assistants where to log in' },
  otherChallenge: { text: 'Assistants are sent to another address to log in' },
  otherDocuments: { text: 'The discovery documents name another address' },
  documentsLost: { text: 'The proxy itself answers addresses below /.well-known' },
  registrationLimit: { text: 'Too many programs have registered from this address in the last minutes' },
  registrationRefused: { text: 'Programs that register themselves are refused' },
  redirectChanged: { text: 'The proxy changes the addresses that browsers are redirected to' },
  cookieNotBack: { text: 'The cookie of the consent page does not come back to TREK' },
  cookieLost: { text: 'The proxy removes cookies, without which nobody can give an assistant access' },
  cookiePath: { text: 'The proxy changes the path of cookies' },
  cookieFlags: { text: 'The proxy changes the flags of cookies' },
  shortcutsLost: { text: 'The proxy does not pass on addresses that some programs guess' },

  tokenUnknown: { text: 'The server that APP_URL leads to does not know a token of this server' },
  tokenLost: { text: 'The proxy removes the header Authorization from requests' },
  sessionLostFrom: { text: 'The proxy removes the header Mcp-Session-Id from answers of TREK' },
  sessionLostTo: { text: 'The proxy removes the header Mcp-Session-Id from requests to TREK' },
  noDelete: { text: 'The proxy does not let DELETE through, by which assistants end a session' },
  streamHeld: { text: 'The proxy holds back event streams until they end' },
  impatient: { text: 'The proxy gives up after a few seconds' },
  noUpgrade: {
    text: 'The proxy does not pass on WebSockets, so changes appear only after a page is loaded again',
  },
  messageTooLarge: { text: 'The proxy does not accept requests of 1 MB' },
  fileTooLarge: { text: 'The proxy does not accept files of 50 MB' },
  corsLost: { text: 'The proxy removes or changes the headers that let pages of other sites connect (CORS)' },
  headersHidden: { text: 'Pages of other sites cannot read {{headers}}' },
  optionsAnswered: { text: 'The proxy itself answers OPTIONS, so pages of other sites cannot connect' },
  metricsOpen: { text: 'Strangers can read the metrics of this server at /metrics' },
  noMetricsToken: { text: 'The running server was started without METRICS_TOKEN, so it gives no metrics' },

  upstream: { text: 'The proxy cannot reach TREK' },
  noMethod: { text: 'The proxy does not let {{method}} through' },
  wall: { text: 'Something in front of TREK wants people to log in first' },
  redirectLoop: { text: 'The proxy redirects every request to the same address' },
  redirected: { text: '{{address}} only redirects to {{other}}' },
  slash: { text: 'The proxy adds a slash to the end of addresses' },
  firewall: { text: 'A firewall in front of TREK turns programs away' },
  ownPages: { text: 'The proxy itself answers {{path}}' },
  odd: { text: '{{asked}} does not answer as it should' },

  selfSigned: { text: 'The certificate was not made by an authority that programs trust' },
  chain: { text: 'The proxy does not send the whole chain of certificates' },
  noName: { text: 'The name {{host}} has no address' },
  noWay: { text: 'This server cannot reach {{host}}' },
  nothingListens: { text: 'Nothing listens at {{host}}' },
  certificateExpired: { text: 'The certificate has expired' },
  certificateEarly: { text: 'The certificate is not valid yet' },
  certificateOfOther: { text: 'The certificate is for another name than {{host}}' },
  noHttps: { text: '{{host}} does not speak https' },
  hangsUp: { text: '{{host}} closes the connection' },
  notCalled: { text: '{{address}} could not be called' },
  lost: { text: '{{asked}} is not answered' },
})

/** What to do about it. */
export const fix = declareMessages('doctorFix', {
  noAppUrl: {
    text: 'Put a reverse proxy with https in front of TREK and set APP_URL to the address that people type, like APP_URL=https://trek.example.org. Then restart TREK.',
  },
  appUrlIsMachine: {
    text: 'Set APP_URL to the address that people type, like APP_URL=https://trek.example.org, and restart TREK.',
  },
  appUrlIsHttp: {
    text: 'Let the proxy serve https (Caddy gets a certificate by itself), set APP_URL={{address}} and restart TREK.',
  },
  network: {
    text: 'Claude and ChatGPT call from the internet, so they need a public name with https. On a computer inside the network, Claude Code, Cursor, VS Code and mcp-remote work without it (mcp-remote needs --allow-http where there is no https).',
  },
  openedElsewhere: {
    text: 'Use {{address}}, or set APP_URL={{opened}} if that is the address that people use. Assistants know only one address.',
  },

  otherAppUrlThere: {
    text: 'If it is this server, restart it with APP_URL={{address}}. If it is another one, let the proxy forward to this server.',
  },
  otherAppUrl: {
    text: 'Restart it with the right APP_URL, and make sure that this command reads the same configuration.',
  },
  otherHost: {
    text: 'Let the proxy pass on the name that people asked for, as Host and, where it is sent, as X-Forwarded-Host. If {{host}} is right, add it to ALLOWED_HOSTS.',
  },
  otherServer: {
    text: 'Let the proxy forward this name to this server, or correct APP_URL. Where several servers share one database, give them the same ENCRYPTION_KEY.',
  },
  belowPath: {
    text: 'Set APP_URL={{address}} and restart TREK, or give TREK a name of its own, like trek.example.org.',
  },
  ownName: {
    text: 'Give TREK a name of its own, like trek.example.org, and forward everything there, whatever the path. To serve it below a path such as /trek, let APP_URL end with that path.',
  },
  otherSite: { text: 'Let the proxy forward this name to TREK, or correct APP_URL.' },
  certificateEnds: { text: 'Find out why it is not renewed by itself: once it has ended, nobody can connect.' },
  hostChanged: {
    text: 'Nothing fails as long as APP_URL is right. Still, let the proxy pass on the name that people asked for.',
  },
  headersLost: { text: 'Let the proxy pass on {{headers}} unchanged.' },
  noProxyTrusted: {
    text: 'Set {{setting}} and restart TREK. Until then the wrong passwords of one person lock out everybody.',
  },
  noSender: {
    text: 'Let the proxy send X-Forwarded-For, and set {{setting}}. Until then the wrong passwords of one person lock out everybody.',
  },
  trustProxy: { text: 'TRUST_PROXY={{address}}' },
  trustChangingProxy: {
    text: 'TRUST_PROXY={{address}} (or TRUST_PROXY=uniquelocal if that address changes, as it does with containers)',
  },
  scheme: {
    text: 'Nothing fails as long as APP_URL is right. Still, let the proxy say which scheme people used.',
  },
  clock: {
    text: 'Let both clocks be set over the network (NTP): tokens, log-ins and certificates are valid only for some time.',
  },

  noAddon: {
    text: 'Switch it on under Administration, Add-ons, or with npm run -s trek -- addon enable mcp. Then check again.',
  },
  challengeLost: { text: 'Let the proxy pass on WWW-Authenticate and the answer 401 unchanged.' },
  otherChallenge: {
    text: 'Set APP_URL={{address}} on the running server, and let nothing in between change WWW-Authenticate.',
  },
  otherDocuments: {
    text: 'Set APP_URL={{address}} on the server that answers, and let nothing in between change what it says.',
  },
  documentsLost: {
    text: 'Let the proxy pass on /.well-known to TREK. Certificates need only /.well-known/acme-challenge/.',
  },
  documentsLostBelow: {
    text: 'Let the proxy pass on to TREK the addresses at the root of the host that belong to {{path}}: /.well-known/oauth-authorization-server{{path}}, /.well-known/oauth-protected-resource{{path}}/mcp, and the others that end in the same way.',
  },
  registrationLimit: {
    text: 'Check again in a quarter of an hour. If people see this too, all of them seem to come from one address: see TRUST_PROXY.',
  },
  registrationRefused: {
    text: 'Something in between changes what they send: look for rules for /oauth/register in the proxy or a firewall.',
  },
  redirectChanged: { text: 'Let the proxy pass on the header Location unchanged: it should lead to {{address}}.' },
  cookieNotBack: { text: 'Let the proxy pass on Cookie and Set-Cookie unchanged.' },
  cookie: { text: 'Let the proxy pass on Set-Cookie unchanged, with its path and its flags.' },
  shortcutsLost: {
    text: 'Let the proxy pass on everything to TREK, including /authorize, /token and /register: older programs call these without looking them up.',
  },

  tokenUnknown: {
    text: 'Give all servers behind this name the same ENCRYPTION_KEY, and let nothing in between change Authorization.',
  },
  tokenLost: { text: 'Let the proxy pass on Authorization at /mcp unchanged.' },
  sessionLost: { text: 'Let the proxy pass on Mcp-Session-Id both ways.' },
  noDelete: {
    text: 'Let the proxy pass on all methods. Until then sessions end by themselves, an hour after their last use.',
  },
  streamHeld: { text: 'Switch off buffering and compression of text/event-stream.' },
  impatient: {
    text: 'Let the proxy wait for at least a minute without a byte: streams send a sign of life every 25 seconds, and some answers take long.',
  },
  noUpgrade: { text: 'Let the proxy pass on Upgrade and Connection at /ws.' },
  messageTooLarge: {
    text: 'Let the proxy accept bodies of up to 60 MB: assistants send up to 1 MB at once, and people send files of up to 50 MB.',
  },
  fileTooLarge: { text: 'Let the proxy accept bodies of up to 60 MB, as files and pictures can be that large.' },
  corsLost: { text: 'Let the proxy pass on all Access-Control headers unchanged, and add none of its own.' },
  headersHidden: { text: 'Let the proxy pass on Access-Control-Expose-Headers unchanged.' },
  optionsAnswered: { text: 'Let the proxy pass on OPTIONS to TREK like all other methods.' },
  metricsOpen: {
    text: 'Let the proxy pass on /metrics unchanged: it seems to add the token by itself. Or let it refuse /metrics, and let Prometheus ask TREK directly.',
  },
  noMetricsToken: { text: 'Restart it with the METRICS_TOKEN that is set here.' },

  upstream: {
    text: 'Let the proxy forward to where TREK listens (HOST and PORT). In containers that is the name of the service, and HOST=0.0.0.0.',
  },
  noMethod: { text: 'Let the proxy pass on all methods: programs use GET, POST, DELETE and OPTIONS.' },
  wall: {
    text: 'Programs cannot log in there. Exclude the paths that they use: /mcp, /oauth, /authorize, /token, /register, /.well-known, /api and /ws. TREK asks for its own log-in or token on each of them.',
  },
  redirectLoop: {
    text: 'The proxy does not know that people use https. Redirect to https only where http was asked for; behind Cloudflare choose the mode “Full (strict)” under SSL/TLS.',
  },
  redirected: {
    text: 'Set APP_URL={{other}} and restart TREK: programs do not follow the redirect, and tokens are for one address.',
  },
  slash: {
    text: 'Let the proxy pass on {{path}} unchanged: programs lose what they send when they are redirected.',
  },
  firewall: {
    text: 'Let it pass on requests to /mcp, /oauth, /authorize, /token, /register, /.well-known, /api and /ws without bot checks, challenges or limits.',
  },
  ownPages: {
    text: 'Let the proxy pass on everything to TREK, whatever the path: one rule for / is enough.',
  },
  ownPagesBelow: {
    text: 'Let the proxy pass on to TREK everything below {{path}}, and the addresses below /.well-known that belong to it.',
  },
  odd: { text: 'Look for this request in the logs of the proxy and of TREK.' },

  selfSigned: {
    text: 'Programs trust only public authorities. Use a certificate of one, such as Let’s Encrypt. For a name inside your own network, the DNS challenge gets you a certificate.',
  },
  chain: {
    text: 'Give the proxy the whole chain: the certificate, and after it the certificates of the authorities in between (with Let’s Encrypt fullchain.pem, not cert.pem).',
  },
  noName: {
    text: 'Make a DNS record for {{host}} that leads to your proxy, or write the right name into APP_URL.',
  },
  noWay: { text: 'Let port {{port}} through to the proxy in the router and the firewall. {{fromInside}}' },
  nothingListens: {
    text: 'Start the proxy, let it listen on this port, and let the router forward the port to it. {{fromInside}}',
  },
  fromInside: {
    text: 'If people elsewhere can open the address, only this server cannot reach it from inside: let the router send such requests back inside (hairpin NAT), or let the name lead to the proxy in your own DNS, and check again.',
  },
  certificateExpired: {
    text: 'Renew it, and let the proxy load the new one (nginx and Apache: reload). Find out why it was not renewed by itself.',
  },
  certificateEarly: { text: 'The clock of this server is probably wrong: let it be set over the network (NTP).' },
  certificateOfOther: { text: 'Get a certificate that names {{host}}, and let the proxy use it for this name.' },
  noHttps: {
    text: 'APP_URL says https: let the proxy serve this port with a certificate, or write the port with https into APP_URL.',
  },
  hangsUp: {
    text: 'The proxy closes the connection without an answer. Look into its log: often its TLS settings or a firewall in front of it are the reason.',
  },
  notCalled: { text: 'Check that the proxy runs, and look into its log for the reason.' },
  lost: {
    text: 'Other requests are answered. Look for this request in the log of the proxy, and check whether the proxy has a rule of its own for this path.',
  },
})
