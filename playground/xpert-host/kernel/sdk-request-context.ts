import { Injectable } from '@nestjs/common'
import { runWithRequestContext } from '@xpert-ai/plugin-sdk'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { HostRequestContext, type RequestActor } from '../handoff/ports'

/** Runs work as an actor: user `{id, tenantId}` and nothing more, no role and no e-mail (host-contract 4.2). */
@Injectable()
export class SdkRequestContext extends HostRequestContext {
  run<T>(actor: RequestActor, work: () => Promise<T>): Promise<T> {
    const headers: Record<string, string> = { 'tenant-id': actor.tenantId }
    if (actor.organizationId) headers['organization-id'] = actor.organizationId
    if (actor.language) headers.language = actor.language
    const request = { headers, user: { id: actor.userId, tenantId: actor.tenantId } } as unknown as IncomingMessage
    // runWithRequestContext drops the work's promise, so a rejection has to be carried out by hand.
    return new Promise<T>((resolve, reject) => {
      runWithRequestContext(request as never, {} as ServerResponse as never, () => {
        Promise.resolve().then(work).then(resolve, reject)
      })
    })
  }
}
