// The house rules, checked: prints what breaks them, else one line with the figures.
import { join } from 'node:path';
import { inspect } from './house/inspect.ts';
import { coreBudget, productBudget } from './house/rules.ts';

const { problems, files, budget } = inspect(join(import.meta.dirname, '..'));
for (const problem of problems) console.log(problem);
console.log(`${files} files; product ${budget.product} of ${productBudget} lines, its core ${budget.core} of ${coreBudget}, tests ${budget.tests}`);
if (problems.length > 0) process.exitCode = 1;
