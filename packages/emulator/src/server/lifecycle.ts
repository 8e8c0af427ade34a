import type { Controls } from '../controls/controls.ts'
import type { EmulatorState } from '../emulator-state.ts'
import { loadProvider } from '../oauth/load-provider.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { openStateFile } from '../store/state-file.ts'
import { type AccessTokens, createAccessTokens } from '../tokens/access-tokens.ts'
import { assertSigns, completeKeys, type SigningKeys } from '../tokens/keys.ts'
import { createApplication } from './application.ts'
import type { Entrance } from './entrance.ts'
import { createIssuerCache } from './issuer-cache.ts'

/** Starts and stops a server over a state that outlives it. */
export interface Lifecycle {
  /** Access tokens; `undefined` before the first start. */
  tokens(): AccessTokens | undefined
  start(controls: Controls): Promise<void>
  stop(): Promise<void>
}

interface Running {
  readonly save: () => Promise<void>
}

export function createLifecycle(
  options: ResolvedOptions,
  state: EmulatorState,
  entrance: Entrance,
): Lifecycle {
  let running: Running | undefined
  let tokens: AccessTokens | undefined
  let kept: SigningKeys | undefined

  async function serve(controls: Controls): Promise<Running> {
    const [library, stateFile] = await Promise.all([
      loadProvider(),
      openStateFile(options.stateFile, state.store, options.accounts),
    ])
    const keys = await completeKeys(kept ?? stateFile.keys, options.openId?.idTokenAlgorithm ?? 'ES256')
    kept = keys
    if (options.openId !== undefined || options.accessTokenFormat === 'jwt') await assertSigns(keys)
    tokens = createAccessTokens(state.store, keys.accessTokens)
    const parts = { ...state, keys, tokens, library }
    const applications = createIssuerCache((issuer) =>
      createApplication(
        { ...parts, options: { ...options, issuer }, issuer: issuer ?? entrance.url() },
        controls,
      ),
    )
    let isReady = false
    await entrance.open(async (request, response) => {
      if (isReady) await applications.get(entrance.issuerOf(request))(request, response)
      stateFile.saveSoon(keys)
    })
    try {
      await stateFile.create(keys)
      applications.get(entrance.issuerOf())
      isReady = true
    } catch (error) {
      await entrance.close()
      throw error
    }
    return { save: () => stateFile.save(keys) }
  }

  /** Starts and stops come one after the other, in the order of their calls. */
  let last: Promise<unknown> = Promise.resolve()
  function queue(step: () => Promise<void>): Promise<void> {
    const done = last.then(step)
    last = done.catch(() => {})
    return done
  }

  return {
    tokens: () => tokens,
    start: (controls) =>
      queue(async () => {
        running ??= await serve(controls)
      }),
    stop: () =>
      queue(async () => {
        const stopping = running
        running = undefined
        if (stopping === undefined) return
        state.faults.endDelays()
        state.holds.releaseAll('the emulator was stopped')
        state.log.rejectPending('the emulator was stopped')
        await entrance.close()
        await stopping.save()
      }),
  }
}
