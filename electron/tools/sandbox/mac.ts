// Contains a script on macOS by Seatbelt, with the profile that Anthropic's sandbox runtime writes.
import { createNetwork } from './network.ts';
import type { Container } from './seam.ts';

export function createMac(): Container {
  const network = createNetwork();
  return async (script, ground, hosts) => {
    const { SandboxManager: library } = await import('@anthropic-ai/sandbox-runtime');
    const joined = hosts.length === 0 ? null : await network.join(hosts);
    const made = await library.wrapWithSandbox(
      script,
      '/bin/sh',
      {
        network: { allowedDomains: [], deniedDomains: [] },
        filesystem: {
          denyRead: [...ground.hidden],
          allowRead: [...ground.shown, ground.folder, ground.scratch],
          allowWrite: [ground.folder, ground.scratch],
          denyWrite: [...ground.fixed, ...ground.secret],
        },
        credentials: { files: ground.secret.map((path) => ({ path, mode: 'deny' as const })) },
      },
      undefined,
      { commandId: joined?.bridge.commandId ?? '' },
    );
    return { script: `exec ${made}`, endsWhole: false, release: async () => joined?.leave() };
  };
}
