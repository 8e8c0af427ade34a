import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import * as stories from './recipes/greeting.stories.tsx'
import { Greeting } from './recipes/greeting.tsx'

afterEach(cleanup)

const { default: meta, ...shown } = stories

describe('a catalogue of components', () => {
  it('has a story per state, in the format that Storybook reads', () => {
    expect(meta).toEqual({ title: 'Greeting', component: Greeting })
    expect(Object.keys(shown).toSorted()).toEqual(['SessionExpired', 'SignedIn', 'SignedOut'])
  })

  it.each([
    ['SignedOut', 'Sign in'],
    ['SignedIn', 'You are signed in'],
    ['SessionExpired', 'Your session has expired. Sign in again.'],
  ] as const)('shows %s without mocking a module', (name, text) => {
    const { container } = render(shown[name].render())
    expect(container.textContent).toContain(text)
  })

  it('works when it is tried: the person signs in', async () => {
    const { container } = render(shown.SignedOut.render())
    await act(async () => fireEvent.click(screen.getByRole('button')))
    expect(container.textContent).toBe('You are signed in')
  })
})
