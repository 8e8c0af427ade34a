import { describe } from 'vitest'
import { grantCalls, notice, openApps, rowOf } from './support/app-pages.ts'
import { pressByKeyboard, seen } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test } from './support/fixtures.ts'
import { violations } from './support/violations.ts'

describe('connected apps', () => {
  test.override({ emulatorOptions: { seed: { clients: 2, grants: 24 } } })

  test('are shown page by page, each client asked for once by name, without fault', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openApps(user)
    await expect(page.getByText('25 grants, page 1 of 2')).toBeVisible()
    await expect(page.getByRole('rowheader')).toHaveCount(20)
    await expect(page.getByRole('rowheader', { name: 'Seeded client 2' }).first()).toBeVisible()
    expect(grantCalls(emulator)).toEqual([['GET', 200]])
    expect(emulator.requests({ endpoint: 'clients' })).toHaveLength(3)

    await page.getByText('Billing, Messaging, Numbers and 3 more').click()
    await expect(page.getByText('see the balance, invoices and payments').first()).toBeVisible()
    expect(await violations(page)).toEqual([])

    await page.getByRole('link', { name: 'Next page' }).click()
    await expect(page.getByText('25 grants, page 2 of 2')).toBeVisible()
    await expect(page.getByRole('rowheader')).toHaveCount(5)
    expect(emulator.requests({ endpoint: 'clients' }), 'their names are known').toHaveLength(3)
  })
})

describe('revoking', () => {
  // One grant of the seeded client; of the console's client one that is seeded, and the session's.
  test.override({ emulatorOptions: { seed: { clients: 1, grants: 2 } }, userOptions: { mayFail: true } })

  test('takes the app off the list at once, by keyboard alone, and the server agrees', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openApps(user)
    await expect(page.getByText('3 grants')).toBeVisible()
    emulator.clearRequests()
    const hold = emulator.hold('grants', { when: 'before' })
    await pressByKeyboard(page, 'Revoke Seeded client 1')
    const dialog = page.getByRole('dialog', { name: 'Revoke the access of “Seeded client 1”?' })
    await expect(dialog).not.toContainText('session')
    expect(await violations(page)).toEqual([])
    await pressByKeyboard(page, 'Revoke access')

    await hold.arrived
    await expect(page.getByText('2 grants')).toBeVisible()
    await expect(rowOf(page, 'Seeded client 1')).toBeHidden()
    hold.release()
    await expect(notice(page)).toContainText('“Seeded client 1” can no longer use your account.')
    expect(grantCalls(emulator)).toEqual([
      ['DELETE', 200],
      ['GET', 200],
    ])
    expect(emulator.grants.map(({ clientId }) => clientId)).toEqual(['telnyx-demo', 'telnyx-demo'])
  })

  test('brings the app back if the server refuses, and says why', async ({ consoleUser: user, emulator }) => {
    const page = await openApps(user)
    await expect(page.getByText('3 grants')).toBeVisible()
    emulator.fail('grants', { status: 403, body: { errors: [{ code: '10010', title: 'Not yours' }] } })
    await rowOf(page, 'Seeded client 1').getByRole('button').click()
    await page.getByRole('button', { name: 'Revoke access' }).click()
    await expect(notice(page)).toContainText('The access of “Seeded client 1” was not revoked.')
    await expect(notice(page)).toContainText('This account may not do that')
    await expect(notice(page)).toContainText('Not yours')
    await expect(rowOf(page, 'Seeded client 1')).toBeVisible()
    expect(emulator.grants).toHaveLength(3)
  })

  test('a grant of this console may end the session, and the last one does, in every tab', async ({
    consoleUser: user,
    emulator,
  }) => {
    const page = await openApps(user)
    const other = await user.open()
    await expect(seen.signedIn(other)).toBeVisible()

    // The newest is on top: it is the one of the session.
    await rowOf(page, 'telnyx-demo').last().getByRole('button').click()
    await expect(page.getByRole('dialog')).toContainText('If your session here comes from this grant')
    await page.getByRole('button', { name: 'Revoke access' }).click()
    await expect(notice(page)).toContainText('can no longer use your account')
    await expect(page.getByText('2 grants')).toBeVisible()

    await rowOf(page, 'telnyx-demo').getByRole('button').click()
    await expect(page.getByRole('dialog')).toContainText('Your session here comes from this grant')
    emulator.clearRequests()
    await page.getByRole('button', { name: 'Revoke access' }).click()
    for (const tab of [page, other]) {
      await expect(tab.getByRole('heading', { name: 'The session is over' })).toBeVisible()
    }
    expect(emulator.requests().map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['grants', 200],
      ['token', 400],
    ])
  })
})
