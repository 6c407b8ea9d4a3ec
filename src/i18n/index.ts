export * from './labels'
export * from './language'
export * from './outcome-texts'
export * from './texts'
