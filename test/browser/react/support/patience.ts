import { configure } from '@testing-library/react'

// What is waited for may take as long as a test may: the usual second is one that a busy machine breaks.
configure({ asyncUtilTimeout: 14_000 })
