// The network of contained commands: the sandbox runtime's filtering proxies, running only while a command with granted hosts does.
import { randomBytes } from 'node:crypto';
import type { LinuxSandboxParams } from '@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js';
import { createTurns } from './turns.ts';

type Library = typeof import('@anthropic-ai/sandbox-runtime').SandboxManager;

/** How a command gets to the proxies, in the terms of the library. */
export type Bridge = Pick<LinuxSandboxParams, 'commandId' | 'httpSocketPath' | 'socksSocketPath' | 'httpProxyPort' | 'socksProxyPort' | 'proxyAuthToken'>;

export type Network = {
  /** Throws where a host is none that may be granted. `leave` once when the command has ended. */
  join(hosts: readonly string[]): Promise<{ readonly bridge: Bridge; leave(): Promise<void> }>;
};

/** Beside what the library refuses by itself (loopback, link-local, multicast, metadata, this computer's own addresses). */
const privateAddresses: readonly string[] =
  '10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 240.0.0.0/4 fc00::/7 fec0::/10'.split(' ');

/** A proxy of the person's own would resolve names by itself, past the check of addresses: it is not used. */
const nothingGranted = {
  network: { allowedDomains: [], deniedDomains: [], deniedResolvedAddresses: [...privateAddresses], parentProxy: { http: '', https: '' } },
  filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
};

export function createNetwork(): Network {
  const inTurn = createTurns();
  let users = 0;
  return {
    join: (hosts) =>
      inTurn(async () => {
        const wrong = hosts.find((host) => !isGrantable(host));
        if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} is no name of a public host, so it can not be granted to a command`);
        const { SandboxManager: library } = await import('@anthropic-ai/sandbox-runtime');
        // The only thing that ties a connection to what this command may reach: it must not be guessed.
        const commandId = randomBytes(24).toString('base64url');
        if (users === 0) await library.initialize(nothingGranted);
        library.registerCommandNetworkLists(commandId, { allowedDomains: [...hosts] });
        users++;
        const leave = (): Promise<void> =>
          inTurn(async () => {
            library.unregisterCommandNetworkLists(commandId);
            users--;
            if (users === 0) await library.reset();
          });
        return { bridge: { commandId, ...bridgeOf(library) }, leave };
      }),
  };
}

function bridgeOf(library: Library): Bridge {
  const found = {
    httpSocketPath: library.getLinuxHttpSocketPath(),
    socksSocketPath: library.getLinuxSocksSocketPath(),
    httpProxyPort: library.getProxyPort(),
    socksProxyPort: library.getSocksProxyPort(),
    proxyAuthToken: library.getProxyAuthToken(),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** No address, which the proxy would not judge again, and no name of a private network. */
export function isGrantable(host: string): boolean {
  const isName = /^(?=.{4,253}$)(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i.test(host);
  return isName && !/\.(localhost|local|internal|intranet|lan|home|corp|arpa)$/i.test(host);
}
