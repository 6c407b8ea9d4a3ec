import { WSClient } from '@larksuiteoapi/node-sdk'
import { isObject, parseJson } from '../shared'

/**
 * The only place that touches the private side of the SDK's `WSClient`. The package is pinned to an exact version, and a
 * contract test fails when one of these methods goes or behaves otherwise.
 */
interface WsClientInternals {
  /** Opens the socket; false when it was refused or not answered in time, which the SDK reports to nobody. */
  connect(): Promise<boolean>
  /** Listens to the open socket. */
  communicate(): void
  handleControlData(frame: WsFrame): Promise<void>
  handleEventData(frame: WsFrame): Promise<void>
  wsConfig: { setWSInstance(socket: WsSocket | null): void; getWSInstance(): WsSocket | null }
}

/** What is used of the socket. */
interface WsSocket {
  pause(): void
  resume(): void
}

interface WsFrame {
  headers: { key: string; value: string }[]
  payload?: Uint8Array
}

export interface WsClientTaps {
  onFrame(): void
  onHandshakeFailed(): void
}

export const TAPPED_METHODS = ['connect', 'communicate', 'handleControlData', 'handleEventData'] as const

const typeOf = (frame: WsFrame): string | undefined => frame.headers.find((header) => header.key === 'type')?.value

/** A pong without a ping interval would make the SDK's ping timer run without a pause (lark-platform trap 17). */
const isHarmfulPong = (frame: WsFrame): boolean => {
  if (typeOf(frame) !== 'pong' || !frame.payload?.length) return false
  const config = parseJson(new TextDecoder().decode(frame.payload))
  const interval = isObject(config) ? config['PingInterval'] : undefined
  return typeof interval !== 'number' || !(interval > 0)
}

/** The SDK drops `card` frames, and the person who clicked sees error 200340 (trap 20); they are events like any other. */
const asEvent = (frame: WsFrame): WsFrame => {
  if (typeOf(frame) !== 'card') return frame
  return {
    ...frame,
    headers: frame.headers.map(({ key, value }) => ({ key, value: key === 'type' ? 'event' : value }))
  }
}

/**
 * The SDK begins to listen in a promise's reaction to the socket's `open`. A frame that was read together with the answer to the
 * handshake comes before that and would be lost in silence: until somebody listens, the socket stands still.
 */
const holdUntilHeard = (client: WSClient): void => {
  const inside = client as unknown as WsClientInternals
  const { wsConfig } = inside
  const communicate = inside.communicate.bind(client)
  const setWSInstance = wsConfig.setWSInstance.bind(wsConfig)
  wsConfig.setWSInstance = (socket) => {
    socket?.pause()
    setWSInstance(socket)
  }
  inside.communicate = () => {
    communicate()
    wsConfig.getWSInstance()?.resume()
  }
}

export const tapWsClient = (client: WSClient, taps: WsClientTaps): void => {
  holdUntilHeard(client)
  const inside = client as unknown as WsClientInternals
  const connect = inside.connect.bind(client)
  const handleControlData = inside.handleControlData.bind(client)
  const handleEventData = inside.handleEventData.bind(client)
  inside.connect = async () => {
    const isOpen = await connect()
    if (!isOpen) taps.onHandshakeFailed()
    return isOpen
  }
  inside.handleControlData = async (frame) => {
    taps.onFrame()
    if (!isHarmfulPong(frame)) await handleControlData(frame)
  }
  inside.handleEventData = async (frame) => {
    taps.onFrame()
    await handleEventData(asEvent(frame))
  }
}
