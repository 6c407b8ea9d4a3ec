export * from './labels'
export * from './language'
export * from './texts'
