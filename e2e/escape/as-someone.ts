// Makes attempts as the user and in the session that it is started in, and writes the outcomes to stdout as JSON: `as-someone.ts FOLDER [NAME]`.
import { attempts } from './attempts.ts';
import { make } from './run.ts';

const [under = '', name = ''] = process.argv.slice(2);
process.stdout.write(
  JSON.stringify(
    await make(
      attempts.filter((attempt) => attempt.name.includes(name)),
      under,
      true,
    ),
  ),
);
