import { PluginError } from '../shared'

/**
 * The context object that the host passes to `register(ctx)`. It is provided by a factory, never by value: the host
 * deep-clones values at boot, and a clone never learns of its module nor of config changes (host-observed 4).
 */
export abstract class HostContext {
  abstract readonly config: unknown
  /** Works only once the application has started; throws without a declared permission or for an unknown token. */
  abstract resolve<T>(token: string | symbol | (new (...args: never[]) => T)): T
}

/** The host can not do it just now, or not here. Try again later. */
export class HostUnavailableError extends PluginError<'host_unavailable'> {
  constructor(what: string, cause?: unknown) {
    super('host_unavailable', `The host's ${what} is not available`, { cause })
  }
}
