/** Who stays among the people of an integration, however long ago they were seen. */
export abstract class KeptPeople {
  /** Whom its published trigger names, and whose message has not ended. Null while nothing is published: a republish may name anybody. */
  abstract of(integrationId: string): Promise<readonly string[] | null>
}
