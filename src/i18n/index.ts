export * from './command-words'
export * from './labels'
export * from './texts'
