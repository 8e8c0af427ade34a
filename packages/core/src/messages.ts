export { developerHint, englishHints } from './errors/developer-hints.ts'
export type { ErrorText, ErrorTexts } from './errors/error-text.ts'
export { englishMessages, userMessage } from './errors/user-messages.ts'
