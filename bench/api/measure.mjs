const [url, pageSize, passes, clients] = process.argv.slice(2)

/**
 * Reads every client a few times, after once to warm up, and reports to the parent process. With no passes: what the
 * process needs to have read one page.
 *
 * @param {(url: string, pageSize: number) => AsyncIterable<unknown>} list
 */
export async function measure(list) {
  if (passes === '0') {
    for await (const _ of list(url, 1)) break
  } else {
    await countAll(list)
  }
  const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()]
  for (let pass = 0; pass < Number(passes); pass++) await countAll(list)
  const { user, system } = process.cpuUsage(startedCpu)
  const requests = (Number(passes) * Number(clients)) / Number(pageSize)
  const report = {
    requestsPerSecond: (requests / (performance.now() - startedMs)) * 1000,
    cpuPerRequestUs: (user + system) / requests,
    // In kB, of the whole life of the process.
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  }
  process.send(report, () => process.exit())
}

async function countAll(list) {
  let count = 0
  for await (const _ of list(url, Number(pageSize))) count++
  if (count < Number(clients)) throw new Error(`expected ${clients} clients, got ${count}`)
}
