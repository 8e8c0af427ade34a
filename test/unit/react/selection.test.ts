import { expect, it } from 'vitest'
import { isEqual } from '../../../packages/react/src/use-selection.ts'

const error = new Error('one')
const scopes = ['voice.write']

it.each([
  ['the same string', 'a', 'a', true],
  ['NaN', Number.NaN, Number.NaN, true],
  ['zero and minus zero', 0, -0, false],
  ['nothing', undefined, undefined, true],
  ['nothing and an empty object', undefined, {}, false],
  ['null and an empty object', null, {}, false],
  ['objects with the same members', { a: 1, scopes }, { scopes, a: 1 }, true],
  ['objects with another value', { a: 1 }, { a: 2 }, false],
  ['objects of which one has more', { a: 1 }, { a: 1, b: 2 }, false],
  ['objects of which one has less', { a: 1, b: 2 }, { a: 1 }, false],
  ['objects with other names', { a: 1 }, { b: 1 }, false],
  ['arrays with the same members', ['a', 'b'], ['a', 'b'], true],
  ['arrays in another order', ['a', 'b'], ['b', 'a'], false],
  ['an empty object and an empty array', {}, [], false],
  ['an object and an array with the same members', { 0: 'a' }, ['a'], false],
  ['a list and one that has undefined at its end', ['a'], ['a', undefined], false],
  ['arrays of which one goes on', ['a'], ['a', 'b'], false],
  ['objects in objects, which are compared by identity', { inner: {} }, { inner: {} }, false],
  ['the same error', error, error, true],
  ['errors that say the same', error, new Error('one'), false],
  ['dates', new Date(0), new Date(0), false],
  ['sets', new Set(scopes), new Set(scopes), false],
  ['functions', () => 1, () => 1, false],
])('the selection counts as unchanged or not for %s', (_what, before, after, answer) => {
  expect(isEqual(before, after)).toBe(answer)
})
