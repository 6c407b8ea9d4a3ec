import { Injectable } from '@nestjs/common'
import {
  ViewActionRequest,
  ViewActionResult,
  ViewData,
  ViewExtensionProvider,
  ViewHostContext,
  ViewManifest,
  ViewProvider,
  ViewQuery
} from '../host'
import { languageFrom } from '../i18n'
import { IntegrationAccess } from '../settings'
import { IntegrationTabs, Reader } from './integration-tabs'
import { HOST_TYPE, manifestsFor, PROVIDER_KEY, SLOT } from './manifests'
import { TabSituations } from './tab-situations'

/** The tabs of a Lark integration's page: whose it is and what the caller may do is decided here, once for all tabs. */
@Injectable()
@ViewExtensionProvider(PROVIDER_KEY)
export class LarkIntegrationViewProvider implements ViewProvider {
  constructor(
    private readonly access: IntegrationAccess,
    private readonly tabs: IntegrationTabs,
    private readonly situations: TabSituations
  ) {}

  supports(context: ViewHostContext): boolean {
    return context.hostType === HOST_TYPE && context.hostSnapshot?.provider === 'lark'
  }

  /** The host has checked that the caller may see the integration; a manifest holds nothing of it but its state. */
  async getViewManifests(context: ViewHostContext, slot: string): Promise<ViewManifest[]> {
    if (slot !== SLOT) return []
    return manifestsFor(await this.situations.of(context.hostId, readerOf(context).language))
  }

  async getViewData(context: ViewHostContext, viewKey: string, query: ViewQuery): Promise<ViewData> {
    const tab = this.tabs.get(viewKey, readerOf(context))
    return tab.read(await this.access.open(context.hostId, 'read', context), query, readerOf(context))
  }

  async executeViewAction(
    context: ViewHostContext,
    viewKey: string,
    actionKey: string,
    request: ViewActionRequest
  ): Promise<ViewActionResult> {
    const action = this.tabs.action(viewKey, actionKey, readerOf(context))
    return action(await this.access.open(context.hostId, 'act', context), request, readerOf(context))
  }
}

const readerOf = ({ locale }: ViewHostContext): Reader => ({ language: languageFrom(locale) })
