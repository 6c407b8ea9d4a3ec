/** Whom the published triggers of an integration name: what a form shows as selected must have a name there. */
export abstract class ChosenTargets {
  abstract of(integrationId: string): Promise<{ openIds: readonly string[]; chatIds: readonly string[] }>
}
