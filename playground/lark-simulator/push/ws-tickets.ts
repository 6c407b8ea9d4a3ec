import { newDeviceId, randomHex } from '../state/ids'

export const SERVICE_ID = 33554678

/** Single-use credentials of the socket's URL. */
export class WsTickets {
  private readonly issued = new Map<string, { appId: string; deviceId: string }>()

  /** URL for one connection. A dummy key stands first: some clients lose the first query key. */
  issue(appId: string, host: string): string {
    const ticket = randomHex(32)
    const deviceId = newDeviceId()
    this.issued.set(ticket, { appId, deviceId })
    const query = new URLSearchParams({
      fpid: '493',
      aid: '552564',
      device_id: deviceId,
      access_key: randomHex(32),
      service_id: String(SERVICE_ID),
      ticket
    })
    return `ws://${host}/ws/v2?${query.toString()}`
  }

  take(ticket: string): { appId: string; deviceId: string } | undefined {
    const found = this.issued.get(ticket)
    this.issued.delete(ticket)
    return found
  }
}
