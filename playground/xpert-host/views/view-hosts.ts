import {
  BadRequestException,
  ForbiddenException,
  Injectable,
  Logger,
  NotFoundException,
  UnauthorizedException
} from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'
import type { Integration } from '../integrations/integration.entity'
import { Integrations } from '../integrations/integrations'
import { requestScope } from '../kernel/request-scope'
import { ViewProviderRegistry } from '../plugin/strategy-registries'
import { ViewCache } from './view-cache'
import type { ViewActionRequest, ViewHostContext, ViewManifest, ViewProvider, ViewQuery } from './view-contract'
import { isRemoteEntry, publicManifest, splitViewKey } from './view-manifest'
import { assertDeclaredQuery } from './view-query'

const MANIFESTS_TTL_MS = 60_000
const LONGEST_DATA_TTL_MS = 30_000
const SLOTS = [{ key: 'detail.main_tabs', mode: 'tabs' }]
const SNAPSHOT_OPTIONS = ['enabled', 'status', 'botToken', 'workspace', 'team', 'botUser', 'users', 'lastSyncAt']

interface ResolvedView {
  context: ViewHostContext
  provider: ViewProvider
  manifest: ViewManifest
  manifestKey: string
}

/** The view extensions of integrations: which tabs there are, their data and their actions. */
@Injectable()
export class ViewHosts {
  private readonly logger = new Logger(ViewHosts.name)

  constructor(
    private readonly integrations: Integrations,
    private readonly providers: ViewProviderRegistry,
    private readonly cache: ViewCache
  ) {}

  async list(hostType: string, hostId: string, slot: string): Promise<ViewManifest[]> {
    const context = await this.context(hostType, hostId)
    if (!context.slots.some(({ key }) => key === slot)) throw new NotFoundException(`Slot '${slot}' is not available`)
    return this.cache.getOrSet(context, ['slot', slot], MANIFESTS_TTL_MS, async () => {
      const manifests: ViewManifest[] = []
      for (const [key, provider] of this.providers.entries())
        manifests.push(...(await this.manifestsOf(key, provider, context, slot)))
      return manifests
        .filter((manifest) => isVisible(manifest))
        .map((manifest) => ({
          ...manifest,
          actions: manifest.actions?.filter((action) => mayUse(action.permissions)) ?? []
        }))
        .sort((a, b) => (a.order ?? Number.MAX_SAFE_INTEGER) - (b.order ?? Number.MAX_SAFE_INTEGER))
    })
  }

  async manifest(hostType: string, hostId: string, viewKey: string): Promise<ViewManifest> {
    return (await this.view(hostType, hostId, viewKey)).manifest
  }

  async data(hostType: string, hostId: string, viewKey: string, query: ViewQuery): Promise<unknown> {
    const { context, provider, manifest, manifestKey } = await this.view(hostType, hostId, viewKey)
    assertDeclaredQuery(query, manifest.dataSource.querySchema)
    const load = () => provider.getViewData(context, manifestKey, query)
    const { enabled, ttlMs } = manifest.dataSource.cache ?? {}
    if (enabled === false) return load()
    return this.cache.getOrSet(
      context,
      ['data', viewKey, query],
      Math.min(ttlMs ?? LONGEST_DATA_TTL_MS, LONGEST_DATA_TTL_MS),
      load
    )
  }

  async options(
    hostType: string,
    hostId: string,
    viewKey: string,
    parameterKey: string,
    query: Pick<ViewQuery, 'search' | 'parameters'>
  ): Promise<unknown> {
    const { context, provider, manifest, manifestKey } = await this.view(hostType, hostId, viewKey)
    if (!manifest.parameters?.some(({ key }) => key === parameterKey))
      throw new NotFoundException(`Parameter '${parameterKey}' was not found`)
    return provider.getViewParameterOptions?.(context, manifestKey, parameterKey, query) ?? { items: [] }
  }

  async act(
    hostType: string,
    hostId: string,
    viewKey: string,
    actionKey: string,
    request: ViewActionRequest
  ): Promise<unknown> {
    const { context, provider, manifest, manifestKey } = await this.view(hostType, hostId, viewKey)
    const action = manifest.actions?.find(({ key }) => key === actionKey)
    if (!action || !provider.executeViewAction)
      throw new NotFoundException(`Action '${actionKey}' was not found for view '${viewKey}'`)
    if (!mayUse(action.permissions)) throw new ForbiddenException('No permission to access this extension action')
    const result = await provider.executeViewAction(context, manifestKey, actionKey, request)
    if (result.refresh) await this.cache.invalidateView(context, viewKey)
    return result
  }

  async remoteEntry(hostType: string, hostId: string, viewKey: string): Promise<string> {
    const { context, provider, manifest, manifestKey } = await this.view(hostType, hostId, viewKey)
    const { type, component } = manifest.view
    if (type !== 'remote_component' || component?.isolation !== 'iframe' || !isRemoteEntry(component.entry ?? '')) {
      throw new BadRequestException(`View '${viewKey}' has no usable remote component`)
    }
    const entry = await provider.getRemoteComponentEntry?.(context, manifestKey, component)
    if (!entry?.html) throw new NotFoundException(`View '${viewKey}' has no remote component entry`)
    return entry.html
  }

  /** One fault in one manifest, and nothing of that provider is shown; only the log tells. */
  private async manifestsOf(
    key: string,
    provider: ViewProvider,
    context: ViewHostContext,
    slot: string
  ): Promise<ViewManifest[]> {
    try {
      if (!(await provider.supports(context))) return []
      const manifests = await provider.getViewManifests(context, slot)
      return manifests.map((manifest) => publicManifest(manifest, key, context.hostType, slot))
    } catch (error) {
      this.logger.warn(`Failed to load view manifests for provider '${key}': ${(error as Error).message}`)
      return []
    }
  }

  private async view(hostType: string, hostId: string, viewKey: string): Promise<ResolvedView> {
    const context = await this.context(hostType, hostId)
    const { providerKey, manifestKey } = splitViewKey(viewKey)
    const provider = this.providers.find(providerKey)
    if (!provider || !(await provider.supports(context)))
      throw new NotFoundException(`View provider '${providerKey}' was not found`)
    for (const { key: slot } of context.slots) {
      const found = (await provider.getViewManifests(context, slot)).find(({ key }) => key === manifestKey)
      if (!found) continue
      const manifest = publicManifest(found, providerKey, context.hostType, slot)
      if (!isVisible(manifest)) throw new ForbiddenException('No permission to access this extension view')
      return { context, provider, manifest, manifestKey }
    }
    throw new NotFoundException(`View '${viewKey}' was not found`)
  }

  private async context(hostType: string, hostId: string): Promise<ViewHostContext> {
    if (hostType !== 'integration') throw new NotFoundException(`Unknown view host '${hostType}'`)
    const userId = RequestContext.currentUserId()
    const scope = requestScope()
    if (!userId || !scope?.tenantId) throw new UnauthorizedException()
    const integration = await this.integrations.findOne(hostId)
    return {
      tenantId: scope.tenantId,
      organizationId: scope.organizationId,
      workspaceId: null,
      userId,
      hostType,
      hostId,
      locale: RequestContext.getLanguageCode(),
      slots: SLOTS,
      hostSnapshot: snapshotOf(integration)
    }
  }
}

function snapshotOf({ id, name, provider, options, updatedAt }: Integration): Record<string, unknown> {
  const fromOptions = Object.fromEntries(SNAPSHOT_OPTIONS.map((key) => [key, options?.[key]]))
  return { id, name, provider, type: provider, ...fromOptions, updatedAt }
}

const isVisible = (manifest: ViewManifest): boolean => manifest.visible !== false && mayUse(manifest.permissions)

const mayUse = (permissions: string[] | undefined): boolean =>
  !permissions?.length || RequestContext.hasPermissions(permissions as never)
