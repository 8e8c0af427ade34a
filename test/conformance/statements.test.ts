import { testEveryStatement } from './statement-tests.ts'

testEveryStatement()
