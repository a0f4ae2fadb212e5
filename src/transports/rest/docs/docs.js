// @ts-check
/** The page at /api/docs: shows the OpenAPI document, with forms to try its operations. */

/** @typedef {Record<string, any>} Json */

const DEEPEST = 3

/**
 * @param {string} name
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(key, /** @type {EventListener} */ (value))
    else if (value !== undefined && value !== false) node.setAttribute(key, String(value))
  }
  for (const child of children) if (child) node.append(child)
  return node
}

/** @param {string} id */
const byId = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id))

/** The base path of the server, from its meta element. */
const BASE = document.querySelector('meta[name="base-path"]')?.getAttribute('content') ?? ''

/** @type {Json} */
let api = {}

/** @param {Json | undefined} schema @returns {Json} */
const resolved = (schema) => (schema?.$ref ? api.components.schemas[schema.$ref.split('/').at(-1)] : (schema ?? {}))

/** @param {Json} schema @returns {string} */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(typeOf).join(' | ')
  if (schema.items) return `${typeOf(schema.items)}[]`
  const bounds = [
    schema.exclusiveMinimum !== undefined && `> ${schema.exclusiveMinimum}`,
    range(schema.minimum, schema.maximum),
    schema.maxLength !== undefined && `≤ ${schema.maxLength}`,
    schema.format && `(${schema.format})`,
  ]
  return [[schema.type ?? 'any'].flat().join(' | '), ...bounds.filter(Boolean)].join(' ')
}

/** @param {number | undefined} least @param {number | undefined} most */
function range(least, most) {
  if (least !== undefined && most !== undefined) return `${least}…${most}`
  return least !== undefined ? `≥ ${least}` : most !== undefined && `≤ ${most}`
}

/** One row for each field, and below it the fields in it. @param {Json} schema @param {boolean} marked @param {number} [depth] @returns {HTMLElement[]} */
function fieldRows(schema, marked, depth = 0) {
  const needed = new Set(marked ? schema.required : [])
  return Object.entries(/** @type {Record<string, Json>} */ (schema.properties ?? {})).flatMap(([name, field]) => {
    const inner = resolved(field.items ?? field)
    return [
      fieldRow(name, field, needed.has(name), depth),
      ...(inner.properties && depth < DEEPEST ? fieldRows(inner, marked, depth + 1) : []),
    ]
  })
}

/** @param {string} name @param {Json} schema @param {boolean} needed @param {number} [depth] @param {string} [description] */
const fieldRow = (name, schema, needed, depth = 0, description = schema.description) =>
  element(
    'tr',
    {},
    element(
      'td',
      { class: `indent-${depth}` },
      element('code', {}, name),
      needed && element('span', { class: 'needed' }, ' *'),
    ),
    element('td', { class: 'type' }, typeOf(schema)),
    element('td', {}, description ?? ''),
  )

/** @param {string} title @param {HTMLElement[]} rows */
const fields = (title, rows) =>
  rows.length > 0 && element('section', {}, element('h3', {}, title), element('table', {}, ...rows))

/** A body to start from: every required field, empty. @param {Json} schema @returns {Json} */
function starter(schema) {
  /** @param {Json} field */
  const empty = (field) => {
    const first = [field.enum?.[0], field.default].find((value) => value !== undefined)
    if (first !== undefined) return first
    const type = [resolved(field).type].flat()[0]
    return { string: '', integer: 0, number: 0, boolean: false, array: [], object: {} }[String(type)] ?? null
  }
  return Object.fromEntries(
    (schema.required ?? []).map((/** @type {string} */ key) => [key, empty(schema.properties[key])]),
  )
}

/** @param {string} method @param {string} path @param {Json} operation @param {Json | undefined} body */
function tryOut(method, path, operation, body) {
  const answer = element('pre', { hidden: true, tabindex: 0, 'aria-live': 'polite' })
  const inputs = operation.parameters.map((/** @type {Json} */ { name, required }) =>
    element('input', { name, ...(required && { required: true }), autocomplete: 'off' }),
  )
  const text =
    body && /** @type {HTMLTextAreaElement} */ (element('textarea', { 'aria-label': 'Body', spellcheck: 'false' }))
  if (text) text.value = JSON.stringify(starter(body), null, 2)
  const danger = operation['x-effect'] === 'destroy'
  const button = /** @type {HTMLButtonElement} */ (element('button', { ...(danger && { class: 'danger' }) }, 'Send'))
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault()
    button.disabled = true
    const values = new Map(inputs.map((/** @type {HTMLInputElement} */ { name, value }) => [name, value.trim()]))
    answer.textContent = await ask(method, path, operation.parameters, values, text?.value).catch(String)
    answer.hidden = false
    button.disabled = false
  }
  return element(
    'form',
    { class: 'try', submit: send },
    element('h3', {}, 'Try it'),
    ...inputs.map((/** @type {HTMLInputElement} */ input) =>
      element('label', {}, element('code', {}, input.name), input),
    ),
    text,
    button,
    answer,
  )
}

/**
 * @param {string} method @param {string} path @param {Json[]} parameters
 * @param {Map<string, string>} values @param {string | undefined} body
 */
async function ask(method, path, parameters, values, body) {
  const query = new URLSearchParams()
  let address = BASE + path
  for (const { name, in: place } of parameters) {
    const value = values.get(name) ?? ''
    if (place === 'path') address = address.replace(`{${name}}`, encodeURIComponent(value))
    else if (value) query.set(name, value)
  }
  const token = byId('token').value.trim()
  const answer = await fetch(query.size ? `${address}?${query}` : address, {
    method: method.toUpperCase(),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  const content = answer.headers.get('content-type')?.includes('json')
    ? JSON.stringify(JSON.parse(text), null, 2)
    : text
  return `${answer.status} ${answer.statusText}\n\n${content}`
}

/** @param {string} path @param {string} method @param {Json} operation */
function operationCard(path, method, operation) {
  const body = operation.requestBody?.content['application/json'].schema
  const [status, done] = Object.entries(/** @type {Record<string, Json>} */ (operation.responses))[0] ?? ['200', {}]
  const scopes = [operation['x-scope'] ?? []].flat()
  const chips = [
    ...scopes.map((/** @type {string} */ scope) => `scope ${scope}`),
    ...(operation['x-addon'] ? [`add-on ${operation['x-addon']}`] : []),
    ...(operation['x-ways'].includes('mcp') ? ['also an MCP tool'] : []),
  ]
  const card = element(
    'details',
    { id: operation.operationId },
    element(
      'summary',
      {},
      element('span', { class: `method ${operation['x-effect']}` }, method.toUpperCase()),
      element('span', { class: 'path' }, path),
      element('span', { class: 'title' }, operation.summary),
    ),
  )
  const fill = () => {
    if (!(/** @type {HTMLDetailsElement} */ (card).open) || card.childElementCount > 1) return
    card.append(
      element(
        'div',
        { class: 'operation' },
        element('p', {}, operation.description),
        element('div', { class: 'chips' }, ...chips.map((chip) => element('span', {}, chip))),
        fields(
          'Parameters',
          operation.parameters.map((/** @type {Json} */ { name, schema, required, description }) =>
            fieldRow(name, schema, required, 0, description),
          ),
        ),
        body && fields('Body', fieldRows(body, true)),
        fields(`Answer ${status}`, fieldRows(resolved(done.content?.['application/json'].schema), false)),
        tryOut(method, path, operation, body),
      ),
    )
  }
  card.addEventListener('toggle', fill)
  return card
}

function problemsCard() {
  const rows = Object.entries(/** @type {Record<string, Json>} */ (api['x-problems'])).map(
    ([code, { status, title }]) =>
      element(
        'tr',
        { id: `problem-${code}` },
        element('td', {}, element('code', {}, code)),
        element('td', { class: 'type' }, String(status)),
        element('td', {}, title),
      ),
  )
  return element('section', { id: 'problems' }, element('h2', {}, 'Problems'), element('table', {}, ...rows))
}

/** Shows the items that contain every searched word. */
function search() {
  const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean)
  for (const item of document.querySelectorAll('[data-words]')) {
    const text = item.getAttribute('data-words') ?? ''
    item.toggleAttribute('hidden', !words.every((word) => text.includes(word)))
  }
  for (const group of document.querySelectorAll('[data-group]')) {
    group.toggleAttribute('hidden', !group.querySelector('[data-words]:not([hidden])'))
  }
}

/** Opens the card named in the address. */
function openNamed() {
  const card = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (card instanceof HTMLDetailsElement) card.open = true
  card?.scrollIntoView()
}

function show() {
  byId('title').textContent = api.info.title
  byId('version').textContent = api.info.version
  document.title = `${api.info.title} API`
  const main = byId('operations')
  const contents = byId('contents')
  for (const { name: tag } of api.tags) {
    const group = element('section', { 'data-group': tag }, element('h2', {}, tag))
    const links = element('div', { 'data-group': tag }, element('p', {}, tag))
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!operation.tags.includes(tag)) continue
        const words = [operation.operationId, path, operation.summary, operation.description, tag]
          .join(' ')
          .toLowerCase()
        const card = operationCard(path, method, operation)
        card.setAttribute('data-words', words)
        group.append(card)
        links.append(element('a', { href: `#${operation.operationId}`, 'data-words': words }, operation.summary))
      }
    }
    main.append(group)
    contents.append(links)
  }
  main.append(problemsCard())
  byId('status').remove()
}

try {
  const answer = await fetch(`${BASE}/api/openapi.json`)
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`)
  api = await answer.json()
  show()
  openNamed()
} catch (error) {
  byId('status').textContent =
    `The operations could not be loaded: ${error instanceof Error ? error.message : error}. Reload to try again.`
}
byId('search').addEventListener('input', search)
addEventListener('hashchange', openNamed)
addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
  if (event.key !== '/' || typing) return
  event.preventDefault()
  byId('search').focus()
})
