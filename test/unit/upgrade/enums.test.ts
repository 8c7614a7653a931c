/** The words of the runtime's enumerations. A word that is misspelt here must not compile. */
import { expect, it } from 'vitest';
import { parseComposeUpgrade } from '../../../src/cluster/wire/compose-upgrade.ts';
import type { Upgrade } from '../../../src/upgrade/model.ts';
import { runningUpgrade } from '../../support/documents.ts';

it('a misspelt word does not compile', () => {
  const { state, mode, currentDomain } = parseComposeUpgrade(runningUpgrade) as Upgrade;
  // @ts-expect-error There is no such state.
  expect(state === 'RollingForward').toBe(false);
  // @ts-expect-error There is no such mode.
  expect(mode === 'Monitord').toBe(false);
  for (const { phase, safetyChecks } of currentDomain?.nodes ?? []) {
    // @ts-expect-error There is no such phase.
    expect(phase === 'Upgraded').toBe(false);
    // @ts-expect-error There is no such kind of safety check.
    for (const { kind } of safetyChecks) expect(kind === 'EnsureQuorum').toBe(false);
  }
  // @ts-expect-error An absent word is undefined.
  expect(state === '').toBe(false);
});

it('an unknown word stays as it came', () => {
  const upgrade = parseComposeUpgrade({
    ...runningUpgrade,
    UpgradeState: 'RollingSideways',
    RollingUpgradeMode: 17,
  });
  expect(`${upgrade?.state} ${upgrade?.mode}`).toBe('RollingSideways 17');
});
