import { LarkIntegration } from './lark-settings'

/**
 * Which integration of an app an event belongs to. Several integrations of one organisation may share an app and thus
 * one long connection; the one with a published binding gets the event. Answers from memory, so that nothing is read
 * before an acknowledgement; routing checks it against the database.
 */
export abstract class EventTarget {
  abstract pick(candidates: readonly LarkIntegration[]): LarkIntegration
  /** Those with a published binding, from memory: more than one is a conflict that an admin must see. */
  abstract published(candidates: readonly LarkIntegration[]): LarkIntegration[]
  /** Reads the bindings into memory; called once a reconcile round. */
  abstract refresh(): Promise<void>
}

/** Who answers an integration's messages, or why every one of them is refused. */
export interface PublishedExpert {
  /**
   * `off`: its trigger is not enabled. `invalid`: its settings do not say who may ask. `gone`: it is deleted. `none`: nothing is
   * published. `unknown`: nobody can say just now.
   */
  state: 'answers' | 'off' | 'invalid' | 'gone' | 'none' | 'unknown'
  /** Of the Digital Expert; its id where the host does not tell the name, empty where none is known. */
  name: string
  /** Published on another integration of the same app. */
  isElsewhere: boolean
}

/** A saved integration, with settings that may not be saved yet. */
export interface Bindable extends Pick<LarkIntegration, 'id' | 'organizationId' | 'settings'> {
  tenantId: string | null
}

/** What is published on an integration, as it is stored; asks nobody outside. */
export abstract class PublishedExperts {
  abstract of(integration: Bindable): Promise<PublishedExpert>
}

/** A room that must know when an integration was changed or removed on this instance. */
export interface IntegrationListener {
  /** `isOtherApp`: it names another app than before, so that none of what is per app (`open_id`) is true any more. */
  integrationChanged(integrationId: string, isOtherApp: boolean): Promise<void>
  /**
   * Told twice: before the host deletes it, which may yet fail, and once it `isGone`. Where it was not deleted,
   * `integrationChanged` follows instead.
   */
  integrationRemoved(integrationId: string, isGone: boolean): Promise<void>
  /** The integrations of which this room keeps rows; absent where it keeps none. */
  kept?(): Promise<string[]>
}
