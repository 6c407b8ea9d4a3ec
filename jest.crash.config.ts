import type { Config } from 'jest'
import common from './jest.config'

/** `npm run test:crash`: many kills, for hours. */
const config: Config = {
  ...common,
  testMatch: ['<rootDir>/test/crash/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 3_600_000,
  maxWorkers: 1
}

export default config
