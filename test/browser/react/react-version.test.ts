import { version } from 'react'
import { version as rendererVersion } from 'react-dom'
import { expect, it } from 'vitest'

it('these tests run on the React that their project is named for', ({ task }) => {
  const wanted = task.file.projectName?.startsWith('react-18') ? '18' : '19'
  expect([version.split('.')[0], rendererVersion.split('.')[0]]).toEqual([wanted, wanted])
})
