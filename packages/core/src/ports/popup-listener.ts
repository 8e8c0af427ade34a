import { errorTable } from '../error-table.ts'
import { channelOf, type PopupMessage, type PopupOutcome } from './popup-report.ts'

/** Another version of this library may report what this one has no word for. */
function known({ code, server }: PopupOutcome): PopupOutcome {
  return { code: Object.hasOwn(errorTable, code) ? code : 'authorization_failed', server }
}

/** In the page that waits: listens for the report and acknowledges it. @returns stop waiting */
export function listenToPopup(
  state: string,
  onFinished: (error: PopupOutcome | undefined) => void,
): () => void {
  const channel = channelOf(state)
  channel.onmessage = ({ data }) => {
    if (data?.type !== 'finished') return
    const heard: PopupMessage = { type: 'heard' }
    channel.postMessage(heard)
    onFinished(data.error && known(data.error))
  }
  return () => channel.close()
}
