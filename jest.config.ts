import type { Config } from 'jest'

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  // Hours of kills: jest.crash.config.ts runs them; a short version is test/integration/killed-hosts.spec.ts.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/crash/'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022'
        },
        module: { type: 'commonjs' }
      }
    ]
  },
  // jest cannot require ES modules on Node 20, and the host SDK requires lodash-es.
  transformIgnorePatterns: ['/node_modules/(?!lodash-es/)'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  setupFiles: ['<rootDir>/test/support/record-output.ts'],
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 60_000,
  // Beyond two cores: the long ones wait, for hosts, for Lark's clock, for leases.
  maxWorkers: 3
}

export default config
