import type { Request, Response } from 'express'
import type { EndpointFault } from '../contract'
import type { Faults } from '../state/faults'
import { wait } from '../state/wait'
import type { World } from '../state/world'
import { cloudOf } from '../wire/cloud'
import type { LongConnections } from './long-connection'

interface EndpointAnswer {
  code: number
  msg: string
  data: { URL?: string; ClientConfig?: object } | null
}

/** POST /callback/ws/endpoint: HTTP 200 with a code; `data` is never missing unless a fault says so. */
export function wsEndpoint(world: World, sockets: LongConnections, faults: Faults) {
  return async (request: Request, response: Response): Promise<void> => {
    const { AppID, AppSecret } = (request.body ?? {}) as { AppID?: string; AppSecret?: string }
    const fault = faults.take('endpoint', { appId: AppID })
    if (fault?.delayMs) await wait(fault.delayMs)
    const answer =
      faultAnswer(fault) ?? answerTo(world, sockets, { AppID, AppSecret, host: request.headers.host ?? '' })
    response.status(fault?.status ?? 200).json(fault?.nullData ? { ...answer, data: null } : answer)
  }
}

function faultAnswer(fault: EndpointFault | undefined): EndpointAnswer | undefined {
  if (!fault || (fault.code === undefined && fault.status === undefined)) return undefined
  return { code: fault.code ?? 1, msg: 'fault', data: { URL: '' } }
}

function answerTo(
  world: World,
  sockets: LongConnections,
  input: { AppID?: string; AppSecret?: string; host: string }
): EndpointAnswer {
  const app = world.apps.get(input.AppID ?? '')
  if (app && app.region !== cloudOf(input.host))
    return { code: 1000040351, msg: 'Incorrect domain name', data: { URL: '' } }
  if (!app) return { code: 1000040346, msg: 'app_id is invalid', data: { URL: '' } }
  if (app.appSecret !== input.AppSecret) return { code: 514, msg: 'app_id or app_secret is invalid', data: { URL: '' } }
  if (sockets.isFull(app.appId))
    return { code: 1000040350, msg: 'the number of connections exceeded the limit', data: { URL: '' } }
  return {
    code: 0,
    msg: '',
    data: { URL: sockets.tickets.issue(app.appId, input.host), ClientConfig: { ...sockets.config } }
  }
}
