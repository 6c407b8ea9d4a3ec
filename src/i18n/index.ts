export * from './labels'
export * from './texts'
