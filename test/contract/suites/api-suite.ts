import { afterAll, beforeAll } from 'vitest'
import { type ApiBench, createApiScene, type Profile } from '../support/api-scene.ts'
import { describeManagement } from './api-management-suite.ts'
import { describeProtocol } from './api-protocol-suite.ts'

/** Every operation against an emulator. Where it runs is up to the caller. */
export function describeEveryOperation(profile: Profile, openBench: () => Promise<ApiBench>): void {
  const scene = createApiScene(profile, openBench)
  beforeAll(() => scene.open())
  afterAll(() => scene.close())
  describeProtocol(scene)
  describeManagement(scene)
}
