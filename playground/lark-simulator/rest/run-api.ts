import type { NextFunction, Request, Response } from 'express'
import type { ApiFault, FileFault, SimCall } from '../contract'
import type { Platform } from '../platform'
import { randomHex } from '../state/ids'
import { wait } from '../state/wait'
import { larkError, rateLimited, scopeMissing } from '../wire/error-codes'
import { cloudOf } from '../wire/cloud'
import { LarkError } from '../wire/lark-error'
import type { Api, ApiContext, ApiResult } from './api'
import { appOfToken } from './bearer'
import { MultipartForm } from './multipart'

/** The way of one call: record, fault, token, scope, rate, work, answer. */
export function runApi(platform: Platform, api: Api) {
  return async (request: Request, response: Response, _next: NextFunction): Promise<void> => {
    const body = bodyOf(request)
    // Node's own header does not follow the simulator's clock.
    response.setHeader('date', new Date().toUTCString())
    const call = platform.traffic.beginCall({
      at: Date.now(),
      method: request.method,
      path: request.baseUrl + request.path,
      api: api.name,
      appId: claimedApp(platform, api, request, body.json),
      status: 0,
      code: 0,
      body: body.recorded,
      query: queryOf(request)
    })
    response.on('close', () =>
      platform.traffic.endCall(call, response.headersSent ? response.statusCode : 0, call.code)
    )
    const fault = platform.faults.take('api', { api: api.name, appId: call.appId })
    if (fault?.delayMs) await wait(fault.delayMs)
    if (fault?.drop === 'before') return drop(response)
    const refusal = refusalOf(fault)
    if (refusal) return answerError(response, call, refusal)
    try {
      const result = await work(platform, api, request, body)
      if (fault?.drop === 'after') return drop(response)
      if ('file' in result && fault?.body) return answerFile(response, result.file, fault.body)
      answer(response, result, fault?.nullData === true)
    } catch (error) {
      const larkFailure = asLarkError(platform, error)
      platform.world.violations.push(
        `${api.name} by ${call.appId ?? 'nobody'}: ${larkFailure.code} ${larkFailure.message}`
      )
      if (fault?.drop === 'after') return drop(response)
      answerError(response, call, larkFailure)
    }
  }
}

type Body = { json: Record<string, unknown>; recorded: unknown; bytes: number; form?: MultipartForm }

async function work(platform: Platform, api: Api, request: Request, body: Body): Promise<ApiResult> {
  const query = queryOf(request)
  const common = {
    platform,
    params: request.params as Record<string, string>,
    query,
    queryAll: (name: string) => [request.query[name] ?? []].flat().map(String),
    body: body.json,
    bodyBytes: body.bytes,
    cloud: cloudOf(request.headers.host),
    form: body.form
  }
  if (api.open) return api.handle({ ...common, app: undefined as unknown as ApiContext['app'] })
  const app = appOfToken(platform.world, request.headers.authorization)
  if (api.scopes?.length && !api.scopes.some((scope) => app.scopes.includes(scope)))
    throw scopeMissing(app.appId, api.scopes)
  platform.limits.takeApi(app.appId, api)
  return api.handle({ ...common, app })
}

function claimedApp(platform: Platform, api: Api, request: Request, body: Record<string, unknown>): string | undefined {
  if (api.open) return typeof body.app_id === 'string' ? body.app_id : undefined
  return platform.world.tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))?.appId
}

function bodyOf(request: Request): Body {
  if (Buffer.isBuffer(request.body)) {
    const form = new MultipartForm(request.body, request.headers['content-type'] ?? '')
    return { json: {}, recorded: { multipart: form.names() }, bytes: request.body.length, form }
  }
  const json =
    typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {}
  return { json, recorded: request.body, bytes: (request as { rawLength?: number }).rawLength ?? 0 }
}

const queryOf = (request: Request): Record<string, string> =>
  Object.fromEntries(Object.entries(request.query).map(([key, value]) => [key, String([value].flat()[0])]))

function refusalOf(fault: ApiFault | undefined): LarkError | undefined {
  if (!fault) return undefined
  if (fault.rateLimited) return rateLimited(50, 1)
  if (fault.okWithCode !== undefined)
    return new LarkError(fault.okWithCode, fault.msg ?? messageOf(fault.okWithCode), 200)
  if (fault.status === undefined && fault.code === undefined) return undefined
  const code = fault.code ?? 2200
  return new LarkError(code, fault.msg ?? messageOf(code), fault.status ?? 400)
}

const messageOf = (code: number): string => larkError(code).message

function answer(response: Response, result: ApiResult, nullData: boolean): void {
  response.setHeader('x-tt-logid', randomHex(32))
  if (nullData) response.json({ code: 0, msg: 'success', data: null })
  else if ('flat' in result) response.json({ code: 0, msg: 'ok', ...result.flat })
  else if ('data' in result) response.json({ code: 0, msg: 'success', data: result.data })
  else {
    response.setHeader('content-disposition', `attachment; filename="${encodeURIComponent(result.file.name)}"`)
    response.type('application/octet-stream').send(result.file.bytes)
  }
}

/** A file whose bytes do not all come, or come without saying how many they are. */
function answerFile(response: Response, file: { bytes: Buffer; name: string }, fault: FileFault): void {
  response.setHeader('content-disposition', `attachment; filename="${encodeURIComponent(file.name)}"`)
  response.type('application/octet-stream')
  const limit = fault.cutAfter ?? fault.stallAfter
  if (!fault.lengthless) response.setHeader('content-length', file.bytes.length)
  if (limit === undefined) {
    response.write(file.bytes)
    response.end()
    return
  }
  response.write(file.bytes.subarray(0, limit), () => {
    if (fault.cutAfter !== undefined) drop(response)
  })
}

function answerError(response: Response, call: SimCall, error: LarkError): void {
  const logId = randomHex(32)
  call.code = error.code
  response.setHeader('x-tt-logid', logId)
  for (const [name, value] of Object.entries(error.extra.headers ?? {})) response.setHeader(name, value)
  const data = error.extra.data === undefined ? {} : { data: error.extra.data }
  response
    .status(error.status)
    .json({ code: error.code, msg: error.message, ...data, error: { log_id: logId, ...error.extra.error } })
}

function drop(response: Response): void {
  response.socket?.destroy()
}

function asLarkError(platform: Platform, error: unknown): LarkError {
  if (error instanceof LarkError) return error
  platform.internalErrors.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return new LarkError(2200, `internal error: ${error instanceof Error ? error.message : String(error)}`, 500)
}
