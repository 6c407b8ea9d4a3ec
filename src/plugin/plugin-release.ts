/** What of this package runs here. */
export class PluginRelease {
  constructor(readonly version: string) {}
}
