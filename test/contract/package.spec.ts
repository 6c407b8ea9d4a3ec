import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  name: string
  version: string
  main: string
  type?: string
  exports: Record<string, Record<string, string> | string>
  files: string[]
  engines: { node: string }
  xpert: { plugin: { level: string; artifactNamespace: string } }
  artifactNamespace?: string
  bundledDependencies?: string[]
  scripts: Record<string, string>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const root = join(__dirname, '..', '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/** What the host shares with its plugins: one class and one metadata store per process (host-contract 1.2 and 8). */
const SHARED_BY_THE_HOST = [
  /^@nestjs\//,
  /^@xpert-ai\//,
  /^@metad\//,
  /^@langchain\//,
  /^typeorm$/,
  /^rxjs$/,
  /^reflect-metadata$/,
  /^zod$/,
  /^class-validator$/,
  /^i18next$/
]

describe('package.json, as the host reads it', () => {
  it('names the package, and where it is loaded from, for require and import()', () => {
    expect(manifest.name).toBe('@xpert-ai/plugin-lark')
    expect(manifest.type ?? 'commonjs').toBe('commonjs')
    expect(manifest.main).toBe('./dist/index.js')
    expect(manifest.exports['.']).toMatchObject({ default: './dist/index.js' })
    expect(manifest.exports['./package.json']).toBe('./package.json')
  })

  it('asks for tenant level with the namespace lark, before any code is loaded', () => {
    expect(manifest.xpert.plugin).toEqual({ level: 'tenant', artifactNamespace: 'lark' })
    expect(manifest.xpert.plugin.artifactNamespace).toMatch(/^[a-z0-9_]+$/)
    expect(manifest.artifactNamespace).toBeUndefined()
  })

  it('takes the SDK from the host: a peer of one major that reaches from 3.7.2 to 3.17, never a dependency', () => {
    expect(Object.keys(manifest.dependencies)).not.toContain('@xpert-ai/plugin-sdk')
    expect(manifest.peerDependencies['@xpert-ai/plugin-sdk']).toBe('^3.7.2')
  })

  it('has nothing among its dependencies that the host must share', () => {
    const names = Object.keys(manifest.dependencies)
    expect(names.filter((name) => SHARED_BY_THE_HOST.some((rule) => rule.test(name)))).toEqual([])
    expect(manifest.bundledDependencies).toBeUndefined()
  })

  it('declares the host’s majors as peers', () => {
    expect(manifest.peerDependencies).toMatchObject({
      '@nestjs/common': '^11.0.0',
      '@nestjs/core': '^11.0.0',
      '@nestjs/typeorm': '^11.0.0',
      typeorm: '^0.3.20',
      rxjs: '^7.8.0',
      'reflect-metadata': '*',
      'class-validator': '^0.13.2',
      zod: expect.stringMatching(/^\^3\.25/) as string
    })
  })

  it('develops against the host’s own versions', () => {
    expect(manifest.devDependencies).toMatchObject({
      '@nestjs/common': '11.1.13',
      '@nestjs/core': '11.1.13',
      '@nestjs/platform-express': '11.1.13',
      '@nestjs/typeorm': '11.0.0',
      typeorm: '0.3.28',
      rxjs: '7.8.2',
      zod: '3.25.67',
      'class-validator': '0.13.2',
      typescript: '5.9.3'
    })
  })

  it('pins every dependency exactly, because the host installs ranges afresh', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
    )
    expect(loose).toEqual([])
  })

  it('runs no install script of its own: the host installs with --ignore-scripts', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare']
    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([])
  })

  it('publishes dist and its papers, for Node 20.19 or newer', () => {
    expect([...manifest.files].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist'])
    expect(manifest.engines.node).toBe('>=20.19.0')
  })

  it('lets npm install ignore the bogus peers of SDK 3.7.2', () => {
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^legacy-peer-deps=true$/m)
  })
})
