export * from './readable-text'
