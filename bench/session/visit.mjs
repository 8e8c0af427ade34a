// A person with a browser profile of their own, at the page of one contender.

/** Opens the contender's page, with a client that was made and has done nothing. */
export async function open(context, origin, name, { isSkewed = false } = {}) {
  const page = await context.newPage()
  if (isSkewed) {
    await page.addInitScript(() => {
      const now = Date.now
      globalThis.skewMs = 0
      Date.now = () => now() + globalThis.skewMs
    })
  }
  await page.goto(`${origin}/${name}/`)
  return page
}

/** Signs in, from an open page. */
export async function signIn(page) {
  await page.evaluate(() => {
    contender.create()
    void contender.signIn()
  })
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(/\/callback/)
  await page.evaluate(async () => {
    contender.create()
    await contender.isBack()
  })
  // Nothing was measured if nobody is signed in.
  if (!(await page.evaluate(() => contender.token()))) throw new Error('The sign-in gave no token.')
}
