import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const executablePath = [process.env.CHROMIUM_PATH ?? '', ...PLACES].find((path) => path !== '' && existsSync(path))

/** `describe`, or a loud skip where no Chromium is installed. */
export const describeInBrowser: typeof describe = executablePath
  ? describe
  : (Object.assign((name: string, work: () => void) => {
      process.stderr.write(
        `\n!!!! SKIPPED: "${name}" needs Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.\n\n`
      )
      describe.skip(name, work)
    }, describe) as typeof describe)

/** Root has no sandbox, and a container little shared memory. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
