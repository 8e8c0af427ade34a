import { testEveryStatement } from '../../conformance/statement-tests.ts'

testEveryStatement()
