import { LarkApp } from '../../lark'

type Page = 'baseinfo' | 'bot' | 'auth' | 'event' | 'version' | 'safe'

/** The developer console of each cloud (lark-platform 8): not configurable, a person's browser opens it. */
const CONSOLES = { feishu: 'https://open.feishu.cn/app', lark: 'https://open.larksuite.com/app' } as const

export const consoleLink = ({ region, appId }: Pick<LarkApp, 'region' | 'appId'>, page: Page): string =>
  `${CONSOLES[region]}/${encodeURIComponent(appId)}/${page}`

/** Opens with the scope already searched for. */
export const scopeLink = (app: Pick<LarkApp, 'region' | 'appId'>, scope: string): string =>
  `${consoleLink(app, 'auth')}?q=${encodeURIComponent(scope)}&op_from=openapi&token_type=tenant`
