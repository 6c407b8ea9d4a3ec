import { Injectable } from '@nestjs/common'
import { XpertNames, XpertRows } from '../host'
import { I18nText, inBoth } from '../i18n'
import { BindingHolder, BindingRepository } from './binding.repository'

/** Whose integration it is: experts are looked for in the same tenant. */
interface HeldIntegration {
  id: string
  tenantId: string
}

/**
 * Another id that holds the integration; `mayBeReplaced`: it is deleted, or a version of the same expert as the one that is to be
 * published, and not the latest any more.
 */
export interface OtherHolder extends BindingHolder {
  mayBeReplaced: boolean
}

/** Who holds an integration that an expert is to be published on, and whether it has to stay with them. */
@Injectable()
export class BindingHolders {
  constructor(
    private readonly bindings: BindingRepository,
    private readonly experts: XpertRows,
    private readonly names: XpertNames
  ) {}

  /** Null where nobody holds it but this expert. */
  async otherThan(xpertId: string, { id, tenantId }: HeldIntegration): Promise<OtherHolder | null> {
    const holder = await this.bindings.holder(id)
    if (!holder || holder.xpertId === xpertId) return null
    const standing = await this.experts.standing(holder.xpertId, { id: xpertId, tenantId })
    return { ...holder, mayBeReplaced: standing === 'gone' || standing === 'former' }
  }

  /** That it is somebody else's, by the name of the expert where one of this tenant has it. */
  async refusal({ id, tenantId }: HeldIntegration): Promise<I18nText> {
    const holder = await this.bindings.holder(id)
    const names = await this.names.of(tenantId, holder ? [holder.xpertId] : [])
    const name = holder && names.get(holder.xpertId)
    return name ? inBoth('integrationBoundTo', { expert: name }) : inBoth('integrationAlreadyBound')
  }
}
