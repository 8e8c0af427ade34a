// The flows that most pages never need, in a chunk of their own: tokens for another resource or fewer scopes, a 401 or
// 403, a step-up, a pushed authorization request, parameters of the app, a sign-in outside of the page, and the end of the
// session at the server.

export { finishSignIn } from './flows/finish-sign-in.ts'
export { furtherParameters } from './flows/further-parameters.ts'
export { openAndWait } from './flows/open-url.ts'
export { pushed } from './flows/push.ts'
export { endServerSession } from './flows/session/end-server-session.ts'
export { steppedUp } from './flows/step-up.ts'
export { handleUnauthorized } from './flows/tokens/handle-unauthorized.ts'
export { resourceToken } from './flows/tokens/resource-token.ts'
export { targetFor } from './flows/tokens/target-for.ts'
// All of the server flows, because a part of them would be cut out of their chunk.
export { pushAuthorization } from './protocol/pushed-authorization.ts'
export { refreshAcrossTabs } from './server-flows.ts'
