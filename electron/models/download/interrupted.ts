// A transfer that failed in a way that may pass: it is tried again from where it stopped.
import { FaultError, fault } from '../../contract/fault.ts';

export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Interrupted';
  }
}

/** What a status that is no success means; lets go of the answer's body. */
export async function refused(host: string, response: Response): Promise<Error> {
  await response.body?.cancel();
  const { status } = response;
  if (status === 429 || status === 408 || status >= 500) return new Interrupted(`it is busy (HTTP ${status})`);
  const words: Readonly<Record<number, string>> = {
    401: 'it is private or wants an agreement first',
    403: 'it is private or wants an agreement first',
    404: 'there is no such file or repository',
  };
  return new FaultError(fault('model.download-failed', { host, reason: `${words[status] ?? 'the request was refused'} (HTTP ${status})` }));
}
