/** JSON over HTTP. Throws an Error with the server's own words on any status but 2xx. */
export async function requestJson(method, path, { body, headers = {} } = {}) {
  const answer = await fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  const text = await answer.text()
  const parsed = parse(text)
  if (answer.ok) return parsed
  throw Object.assign(new Error(wordsOf(parsed) ?? `${answer.status} ${answer.statusText}`), {
    status: answer.status,
    body: parsed
  })
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

const wordsOf = (body) => body?.error?.message ?? body?.response?.message ?? body?.message ?? body?.error
