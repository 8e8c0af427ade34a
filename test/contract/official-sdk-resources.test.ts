import { expect, onTestFinished, test } from 'vitest'
import { openBench } from './support/official-sdk.ts'

test.each(['live', 'spec'] as const)(
  'the official SDK lists phone numbers and telephony credentials to the last page, on the profile %s',
  async (profile) => {
    const bench = await openBench({ profile })
    onTestFinished(() => bench.close())
    const numbers: string[] = []
    for await (const { phone_number: number } of bench.telnyx.phoneNumbers.list({ 'page[size]': 10 }))
      numbers.push(number)
    expect(new Set(numbers).size).toBe(25)
    expect(bench.emulator.requests({ endpoint: 'phone-numbers' })).toHaveLength(3)
    const [credential] = (await bench.telnyx.telephonyCredentials.list()).data
    const token = await bench.telnyx.telephonyCredentials.createToken(credential?.id ?? '')
    expect(token.split('.')).toHaveLength(3)
  },
)
