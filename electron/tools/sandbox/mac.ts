// Contains a script on macOS by Seatbelt, with the profile that Anthropic's sandbox runtime writes.
import type { Container } from './seam.ts';

export function createMac(): Container {
  return async (script, ground) => {
    const { SandboxManager: library } = await import('@anthropic-ai/sandbox-runtime');
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
      { commandId: '' },
    );
    return { script: `exec ${made}`, endsWhole: false, release: async () => undefined };
  };
}
