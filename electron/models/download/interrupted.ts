// A transfer that failed in a way that may pass: it is tried again from where it stopped.
import { type FaultCode, FaultError, type FaultValues, fault } from '../../contract/fault.ts';

export class Interrupted extends FaultError {
  constructor(code: FaultCode, values: FaultValues) {
    super(fault(code, values, { retry: true }));
    this.name = 'Interrupted';
  }
}

const refusals: Readonly<Record<number, FaultCode>> = {
  401: 'model.download-private',
  403: 'model.download-private',
  404: 'model.download-missing',
};

/** What a status that is no success means; lets go of the answer's body. */
export async function refused(host: string, response: Response): Promise<FaultError> {
  await response.body?.cancel();
  const { status } = response;
  if (status === 429 || status === 408 || status >= 500) return new Interrupted('model.download-busy', { host, status });
  return new FaultError(fault(refusals[status] ?? 'model.download-refused', { host, status }));
}
