/** `feishu` is the China cloud, `lark` the international one: app ids, tenants and tokens are not interchangeable. */
export type Region = 'feishu' | 'lark'

/** What it takes to speak to Lark as one app. */
export interface LarkApp {
  appId: string
  appSecret: string
  region: Region
}

type AppName = Pick<LarkApp, 'appId' | 'region'>

/** One app of one cloud: the key of its long connection, its rate budget and its bot identity. */
export const appKeyOf = (app: AppName): string => `${app.region}:${app.appId}`

export const isSameApp = (one: AppName, other: AppName): boolean => appKeyOf(one) === appKeyOf(other)
