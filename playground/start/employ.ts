import type { LarkSimulator, SimApp } from '../lark-simulator/client'
import type { ExpertScript, XpertHost } from '../xpert-host/client'

export type Session = ReturnType<XpertHost['login']>

/** The integration of an app. Answers its id. */
export async function integrate(session: Session, name: string, app: SimApp): Promise<string> {
  const integration = await session.createIntegration({
    name: `${name} (${app.transport})`,
    options: {
      appId: app.appId,
      appSecret: app.appSecret,
      verificationToken: app.verificationToken,
      encryptKey: app.encryptKey,
      connectionMode: app.transport,
      isLark: false,
      preferLanguage: 'en'
    }
  })
  return integration.id
}

/** A Digital Expert with a trigger on the integration. Answers its id. */
export async function publishExpert(
  session: Session,
  input: { name: string; integrationId: string; script: ExpertScript; trigger?: Record<string, unknown> }
): Promise<string> {
  const { name, integrationId, script, trigger } = input
  const expert = await session.createExpert({ name, script })
  const published = await session.publish(expert.id, {
    provider: 'lark',
    config: { enabled: true, ...trigger, integrationId }
  })
  if (published.status >= 400)
    throw new Error(`the expert ${name} could not be published: ${JSON.stringify(published.body)}`)
  return expert.id
}

/** Tells Lark where the webhook of the app's integration is. */
export const reach = (
  simulator: LarkSimulator,
  host: XpertHost,
  { app, integrationId }: { app: SimApp; integrationId: string }
): Promise<SimApp> => simulator.updateApp(app.appId, { webhookUrl: `${host.url}/api/lark/webhook/${integrationId}` })
