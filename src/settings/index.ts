export * from './integration-reader'
export * from './lark-settings'
export * from './ports'
