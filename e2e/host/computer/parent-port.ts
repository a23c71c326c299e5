// Loaded first in a utility process of the stand-in: gives it Electron's `process.parentPort` over Node's own channel.
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
const send = process.send?.bind(process);
process.on('message', (message) => port.emit('message', { data: message, ports: [] }));
process.on('disconnect', () => process.exit(0));
Object.assign(process, { parentPort: Object.assign(port, { postMessage: (message: unknown) => send?.(message), start: () => undefined }) });
// In Electron there is no `process.send`: code that prefers it would not be tested as it runs there.
process.send = undefined as never;
