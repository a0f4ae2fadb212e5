import { basePathOf } from '../../../core/run/base-path.ts'

/** The configuration for one kind of reverse proxy. */
export interface Directive {
  readonly proxy: string
  readonly lines: string
}

export type Directives = readonly Directive[]

type Lines = Readonly<Record<'nginx' | 'Caddy' | 'Traefik' | 'Apache', string>>

const forAll = (lines: Lines): Directives => Object.entries(lines).map(([proxy, text]) => ({ proxy, lines: text }))

/** What Apache forwards and where to: the base path, or everything. */
const apacheTo = (base: string): string => {
  const path = basePathOf(base) || '/'
  return `"${path}" "http://127.0.0.1:3000${path}"`
}

/** The paths of TREK: below the base path, and discovery at the root of the host (RFC 8414 section 3.1, RFC 9728). */
function below(path: string): Lines {
  const ours = `^/(\\.well-known/[^/]+/)?${path.slice(1).replaceAll('.', '\\.')}(/|$)`
  return {
    nginx: `location ~ ${ours} {\n  proxy_pass http://127.0.0.1:3000;\n}`,
    Caddy: `@trek path_regexp ${ours}\nreverse_proxy @trek 127.0.0.1:3000`,
    Traefik: `rule: "Host(\`example.org\`) && PathRegexp(\`${ours.replaceAll('\\', '\\\\')}\`)"`,
    Apache: `ProxyPassMatch "${ours}" "http://127.0.0.1:3000"`,
  }
}

/** Directives for a server with its own host; below a base path, one rule about forwarding replaces them. */
const rule =
  (whole: Lines) =>
  (base: string): Directives =>
    forAll(basePathOf(base) ? below(basePathOf(base)) : whole)

/** A header in its usual capitals, like `Mcp-Session-Id`. */
export const titled = (header: string): string =>
  header
    .replace(/(^|-)\w/g, (letters) => letters.toUpperCase())
    .replace(/^Www-/, 'WWW-')
    .replace(/^Mcp-Protocol-/, 'MCP-Protocol-')

export const HOST = forAll({
  nginx: 'proxy_set_header Host $host;',
  Caddy: '# passes it on by itself; take out:\nheader_up Host …',
  Traefik: '# of the service; true unless it was changed\nloadBalancer:\n  passHostHeader: true',
  Apache: 'ProxyPreserveHost On',
})

export const FORWARDED = forAll({
  nginx:
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\nproxy_set_header X-Forwarded-Proto $scheme;\nproxy_set_header X-Forwarded-Host $host;',
  Caddy:
    '# says it by itself; behind another proxy, in the global options:\nservers {\n  trusted_proxies static private_ranges\n}',
  Traefik:
    '# says it by itself; behind another proxy:\nentryPoints:\n  websecure:\n    forwardedHeaders:\n      trustedIPs: ["10.0.0.0/8"]',
  Apache: '# mod_proxy says For and Host by itself\nRequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}',
})

/** A header that does not reach the server. */
export const headerIn = (header: string): Directives =>
  forAll({
    nginx: `proxy_set_header ${titled(header)} $http_${header.replaceAll('-', '_')};`,
    Caddy: `# take out:\nheader_up -${titled(header)}`,
    Traefik: `# take out of the middleware:\nheaders:\n  customRequestHeaders:\n    ${titled(header)}: ""`,
    Apache: `# take out:\nRequestHeader unset ${titled(header)}`,
  })

/** A header that does not come back from the server. */
export const headerOut = (header: string): Directives =>
  forAll({
    nginx: `# take out proxy_hide_header ${titled(header)}; and add:\nproxy_pass_header ${titled(header)};`,
    Caddy: `# take out:\nheader_down -${titled(header)}`,
    Traefik: `# take out of the middleware:\nheaders:\n  customResponseHeaders:\n    ${titled(header)}: ""`,
    Apache: `# take out:\nHeader unset ${titled(header)}`,
  })

export const upgrade = (base: string): Directives =>
  forAll({
    nginx:
      'proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;\n\n# once, in http { }\nmap $http_upgrade $connection_upgrade {\n  default upgrade;\n  "" "";\n}',
    Caddy: '# passes it on by itself; take out:\nheader_up -Upgrade',
    Traefik:
      '# passes it on by itself; take out of the middleware:\nheaders:\n  customRequestHeaders:\n    Upgrade: ""',
    Apache: `ProxyPass ${apacheTo(base)} upgrade=websocket`,
  })

export const streams = (base: string): Directives =>
  forAll({
    nginx: 'proxy_buffering off;\nproxy_cache off;',
    Caddy: 'reverse_proxy 127.0.0.1:3000 {\n  flush_interval -1\n}',
    Traefik: '# take the middlewares buffering and compress off this router',
    Apache: `ProxyPass ${apacheTo(base)} flushpackets=on\nSetEnv no-gzip 1`,
  })

export const TIMEOUTS = forAll({
  nginx: 'proxy_read_timeout 1h;\nproxy_send_timeout 1h;',
  Caddy: '# take out of transport http:\nread_timeout …\nresponse_header_timeout …',
  Traefik:
    'entryPoints:\n  websecure:\n    transport:\n      respondingTimeouts:\n        readTimeout: 0\n        writeTimeout: 0',
  Apache: 'ProxyTimeout 3600',
})

export const BODY_SIZE = forAll({
  nginx: 'client_max_body_size 60m;',
  Caddy: 'request_body {\n  max_size 60MB\n}',
  Traefik: '# of the middleware, or take it off this router\nbuffering:\n  maxRequestBodyBytes: 62914560',
  Apache: 'LimitRequestBody 62914560',
})

export const wellKnown = rule({
  nginx:
    '# keep only what certificates need\nlocation ^~ /.well-known/acme-challenge/ {\n  root /var/www/acme;\n}\nlocation / {\n  proxy_pass http://127.0.0.1:3000;\n}',
  Caddy: '# take out handle /.well-known/* { … }; Caddy sees to its certificates itself\nreverse_proxy 127.0.0.1:3000',
  Traefik: '# the other router may have this much:\nrule: "PathPrefix(`/.well-known/acme-challenge/`)"',
  Apache: '# rather than all of /.well-known, leave out only\nProxyPass "/.well-known/acme-challenge/" !',
})

export const slash = rule({
  nginx:
    '# one location for everything, not location /mcp/ { … }\nlocation / {\n  proxy_pass http://127.0.0.1:3000;\n}',
  Caddy: '# take out:\nredir /mcp /mcp/',
  Traefik: '# take the middleware redirectRegex off this router',
  Apache: 'ProxyPass "/" "http://127.0.0.1:3000/"\nDirectorySlash Off',
})

export const OPTIONS = forAll({
  nginx: '# take out:\nif ($request_method = OPTIONS) {\n  return 204;\n}',
  Caddy: '# take out:\n@options method OPTIONS\nrespond @options 204',
  Traefik: '# take out of the middleware headers:\naccessControlAllowMethods: …\naccessControlAllowOriginList: …',
  Apache: '# take out:\nRewriteCond %{REQUEST_METHOD} OPTIONS\nRewriteRule .* - [R=204,L]',
})

export const CORS = forAll({
  nginx:
    '# take out:\nproxy_hide_header Access-Control-Allow-Origin;\nproxy_hide_header Access-Control-Expose-Headers;',
  Caddy: '# take out:\nheader_down -Access-Control-*',
  Traefik: '# take out of the middleware headers:\naccessControl…: …\ncustomResponseHeaders:\n  Access-Control-…: ""',
  Apache: '# take out:\nHeader unset Access-Control-Allow-Origin\nHeader unset Access-Control-Expose-Headers',
})

/** The paths that programs use, which no log-in page of a proxy may block. */
export function wall(base: string): Directives {
  const path = basePathOf(base)
  const names = 'mcp|oauth|authorize|token|register|api|ws'
  const escaped = path.replaceAll('.', '\\.')
  const pattern = path
    ? `^(${escaped}/(${names})(/|$)|/\\.well-known/[^/]+${escaped}(/|$))`
    : `^/(${names}|\\.well-known)(/|$)`
  const paths = [
    ...['mcp*', 'oauth/*', 'authorize', 'token', 'register', 'api/*', 'ws'].map((name) => `${path}/${name}`),
    path ? `/.well-known/*${path}*` : '/.well-known/*',
  ]
  return forAll({
    nginx: `location ~ ${pattern} {\n  auth_request off;\n  auth_basic off;\n  proxy_pass http://127.0.0.1:3000;\n}`,
    Caddy: `@people not path ${paths.join(' ')}\nforward_auth @people auth:9091 { … }`,
    Traefik: `# a second router without the middleware\nrule: "Host(\`trek.example.org\`) && PathRegexp(\`${pattern.replaceAll('\\', '\\\\')}\`)"\npriority: 100`,
    Apache: `<LocationMatch "${pattern}">\n  AuthType None\n  Require all granted\n</LocationMatch>`,
  })
}

export const upstream = rule({
  nginx: 'proxy_pass http://127.0.0.1:3000;',
  Caddy: 'reverse_proxy 127.0.0.1:3000',
  Traefik: 'loadBalancer:\n  servers:\n    - url: "http://trek:3000"',
  Apache: 'ProxyPass "/" "http://127.0.0.1:3000/"\nProxyPassReverse "/" "http://127.0.0.1:3000/"',
})

export const ownName = rule({
  nginx: 'server {\n  server_name trek.example.org;\n  location / {\n    proxy_pass http://127.0.0.1:3000;\n  }\n}',
  Caddy: 'trek.example.org {\n  reverse_proxy 127.0.0.1:3000\n}',
  Traefik: 'rule: "Host(`trek.example.org`)"',
  Apache:
    '<VirtualHost *:443>\n  ServerName trek.example.org\n  ProxyPass "/" "http://127.0.0.1:3000/"\n</VirtualHost>',
})

export const REDIRECT = forAll({
  nginx:
    '# only in the server that listens on port 80\nserver {\n  listen 80;\n  return 301 https://$host$request_uri;\n}',
  Caddy: '# sends to https by itself; behind Cloudflare choose SSL/TLS mode “Full (strict)” there',
  Traefik:
    '# only at the entry point web, not at websecure\nhttp:\n  redirections:\n    entryPoint:\n      to: websecure',
  Apache: '# only in the virtual host of port 80\nRedirect permanent "/" "https://trek.example.org/"',
})

export const redirection = (base: string): Directives =>
  forAll({
    nginx: 'proxy_redirect off;',
    Caddy: '# take out:\nheader_down Location …',
    Traefik: '# take the middleware that rewrites Location off this router',
    Apache: `# take out, or write as it is here:\nProxyPassReverse ${apacheTo(base)}`,
  })

export const COOKIES = forAll({
  nginx:
    '# take out proxy_cookie_path, proxy_cookie_domain and proxy_cookie_flags, and add:\nproxy_pass_header Set-Cookie;',
  Caddy: '# take out:\nheader_down Set-Cookie …',
  Traefik: '# take the middleware that changes cookies off this router',
  Apache: '# take out:\nProxyPassReverseCookiePath …\nHeader edit Set-Cookie …',
})

export const METHODS = forAll({
  nginx: '# take out:\nlimit_except GET POST {\n  deny all;\n}',
  Caddy: '# take out the matcher that lets only some methods through:\n@others not method GET POST',
  Traefik: '# take out of the rule:\n&& Method(`GET`, `POST`)',
  Apache: '# take out:\n<LimitExcept GET POST>\n  Require all denied\n</LimitExcept>',
})
