import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'pg'
import { checkAtDoor, type DoorKeys } from './door'
import { INSERT, TABLE } from './inserted-event'

/** A process of its own: `DOOR_KEYS` as JSON; with `DATABASE_URL` each request is one INSERT before its answer. */
const keys = JSON.parse(process.env.DOOR_KEYS ?? '{}') as DoorKeys
const { DATABASE_URL: connectionString } = process.env
const pool = connectionString ? new Pool({ connectionString, max: 10 }) : undefined

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function take(request: IncomingMessage): Promise<void> {
  const bytes = await bytesOf(request)
  const body: unknown = JSON.parse(bytes.toString('utf8'))
  const header = (name: string): string => String(request.headers[name] ?? '')
  const id = checkAtDoor({ bytes, body, header }, keys)
  await pool?.query(INSERT, [id, bytes.toString('utf8')])
}

const server = createServer((request, response) => {
  take(request).then(
    () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    () => response.writeHead(401).end()
  )
})

void (pool?.query(TABLE) ?? Promise.resolve()).then(() => {
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
  })
})
process.on('disconnect', () => process.exit(0))
