/** Faults around the request of `upgrade`, in any combination. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { run } from '../support/run.ts';
import { startWriteGateway } from '../support/write-gateway.ts';

const stdin = `version: '3'
services: {web: {image: "web:2"}}
`;

const readFault = fc.oneof(
  { weight: 3, arbitrary: fc.constant('none' as const) },
  fc.constantFrom('reset' as const, 503, 504, 500),
);

const postFault = fc.record({
  isAccepted: fc.boolean(),
  answer: fc.constantFrom('ok' as const, 'reset' as const, 'half' as const, 502, 503, 504, 500, 400, 403),
  readsUntilVisible: fc.nat(8),
});

/** The cluster never refuses a request that it has accepted, nor confirms one that it has not. */
function isPossible({ isAccepted, answer }: { isAccepted: boolean; answer: unknown }): boolean {
  return isAccepted ? answer !== 400 && answer !== 403 : answer !== 'ok';
}

it('never starts two upgrades by one command, and never says that nothing was started if one was', async () => {
  const check = async (
    post: Parameters<typeof startWriteGateway>[0],
    reads: ('none' | 'reset' | number)[],
  ) => {
    const gateway = await startWriteGateway(post, reads);
    const argv = ['upgrade', 'web', '-f', '-', '-y', '--no-registry', '-e', gateway.url, '-o', 'json'];
    const { exitCode, stdout } = await run(argv, { stdin });
    expect(gateway.posts).toHaveLength(1);
    expect(gateway.startedCount).toBeLessThanOrEqual(1);
    if (post.isAccepted) expect([0, 12]).toContain(exitCode);
    else expect([6, 7, 10, 12]).toContain(exitCode);
    if (exitCode === 0) expect(JSON.parse(stdout).Request.Result).toBe('accepted');
  };
  await fc.assert(
    fc.asyncProperty(postFault.filter(isPossible), fc.array(readFault, { maxLength: 40 }), check),
    { numRuns: 60 },
  );
});
