import type { SeenMessage } from '../lark-simulator/client'

export interface ChatChange {
  type: string
  message: SeenMessage
}

/** Every visible change of one chat, or of all, from now on, as it happens. Ends when the signal is aborted. */
export async function openChatStream(
  simulatorUrl: string,
  chatId: string | undefined,
  signal: AbortSignal
): Promise<AsyncGenerator<ChatChange>> {
  const search = chatId === undefined ? '' : `?chatId=${encodeURIComponent(chatId)}`
  const answer = await fetch(`${simulatorUrl}/_control/stream${search}`, { signal })
  if (!answer.ok || !answer.body) throw new Error(`the simulator's stream answered ${answer.status}`)
  return changes(answer.body, signal)
}

async function* changes(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<ChatChange> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of body) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = event
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice('data:'.length))
          .join('\n')
        const change = data ? (JSON.parse(data) as Partial<ChatChange>) : {}
        if (change.type && change.message) yield { type: change.type, message: change.message }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
