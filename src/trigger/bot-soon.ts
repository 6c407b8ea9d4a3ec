import { BotIdentity, LarkApis } from '../lark'
import { LarkSettings } from '../settings'
import { within } from '../shared'

/** Lark answers within a few hundred milliseconds, or not for ten seconds. */
const BOT_WAIT_MS = 2_000

/** Who the bot is, once Lark has said so; a message does not wait for long here, where others want its place. */
export const botSoon = async (apis: LarkApis, settings: LarkSettings): Promise<BotIdentity | null> => {
  const asked = apis.botOf(settings)
  await within(BOT_WAIT_MS, asked)
  return Promise.race([asked, null])
}
