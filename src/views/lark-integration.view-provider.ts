import { Injectable, NotFoundException } from '@nestjs/common'
import { ViewData, ViewExtensionProvider, ViewHostContext, ViewManifest, ViewProvider, ViewQuery } from '../host'
import { IntegrationReader, LarkIntegration } from '../settings'
import { HOST_TYPE, manifests, PROVIDER_KEY, SLOT } from './manifests'
import { MessageList } from './message-list'
import { StatusSummary } from './status-summary'

/** The tabs of a Lark integration's page. Reading never changes anything. */
@Injectable()
@ViewExtensionProvider(PROVIDER_KEY)
export class LarkIntegrationViewProvider implements ViewProvider {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly status: StatusSummary,
    private readonly messages: MessageList
  ) {}

  supports(context: ViewHostContext): boolean {
    return context.hostType === HOST_TYPE && context.hostSnapshot?.provider === 'lark'
  }

  getViewManifests(_context: ViewHostContext, slot: string): ViewManifest[] {
    return slot === SLOT ? [...manifests] : []
  }

  async getViewData(context: ViewHostContext, viewKey: string, query: ViewQuery): Promise<ViewData> {
    const integration = await this.own(context)
    if (viewKey === 'status') return { summary: await this.status.of(integration) }
    if (viewKey === 'messages') return this.messages.read(integration.id, query)
    throw new NotFoundException(`There is no view '${viewKey}'`)
  }

  /** The host reads integrations by id alone: compare tenant and organisation here (host-contract §10 13). */
  private async own(context: ViewHostContext): Promise<LarkIntegration> {
    const integration = await this.integrations.find(context.hostId)
    const isOwn =
      integration?.tenantId === context.tenantId &&
      (integration.organizationId ?? null) === (context.organizationId ?? null)
    if (!integration || !isOwn) throw new NotFoundException('The integration was not found')
    return integration
  }
}
