/** How long an upgrade may still take. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/upgrade/findings/finding.ts';
import { fullForm, type Members, unhealthyEvent, withPolicy } from '../../../support/documents.ts';
import { explain, type Known } from '../../../support/snapshots.ts';

describe('how long still', () => {
  const seconds = (count: number) => `PT0H0M${count}S`;
  const domains = (...states: string[]) => ({
    UpgradeDomains: states.map((State, index) => ({ Name: `UD${index}`, State })),
  });
  const working = (name: string) => ({
    CurrentUpgradeDomainProgress: {
      DomainName: name,
      NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
    },
  });
  const at = (duration: number, domainDuration: number, domain: string, members: Members = {}) =>
    fullForm({
      UpgradeDuration: seconds(duration),
      CurrentUpgradeDomainDuration: seconds(domainDuration),
      ...working(domain),
      ...members,
    });
  const second = { application: domains('Completed', 'InProgress', 'Pending') };
  const estimate = (findings: readonly Finding[]) =>
    findings.find(({ code }) => code === 'estimate')?.evidence[0];

  it.each<[what: string, says: string | undefined, document: Members, known: Known]>([
    ['in the first domain', undefined, at(60, 60, 'UD0'), { application: domains('InProgress', 'Pending') }],
    // The domain before took 240 s: 180 to 300 s each, 120 s of them gone, and a step of the reading.
    ['from one domain before', '4m 00s to 9m 00s more', at(360, 120, 'UD1'), second],
    [
      'from two domains seen, of 240 and 300 s',
      '3m 00s to 5m 00s more',
      at(600, 60, 'UD2'),
      {
        application: domains('Completed', 'Completed', 'InProgress'),
        before: [at(0, 0, 'UD0'), at(240, 0, 'UD1'), at(540, 0, 'UD2')],
      },
    ],
    [
      'not shorter than the policy allows',
      '1m 00s to 2m 00s more',
      at(120, 60, 'UD1'),
      { application: domains('Completed', 'InProgress') },
    ],
    ['not where the domain takes much longer than those before', undefined, at(900, 660, 'UD1'), second],
    ['not without the domains', undefined, at(360, 120, 'UD1'), {}],
    [
      'not where a person decides',
      undefined,
      at(360, 120, 'UD1', { RollingUpgradeMode: 'UnmonitoredManual' }),
      second,
    ],
    [
      'not where it is unhealthy',
      undefined,
      at(360, 120, 'UD1', { ApplicationUnhealthyEvaluations: [unhealthyEvent] }),
      second,
    ],
  ])('%s: %s', (_, says, document, known) => {
    const found = estimate(explain(document, known));
    if (says === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(`${says} until all upgrade domains are done; an estimate from`);
  });

  it.each([
    ['PT0H20M0S', undefined],
    ['PT0H13M0S', 'may'],
    ['PT0H8M0S', 'will'],
  ])('with an upgrade timeout of %s its own time %s run out', (limit, word) => {
    const document = at(360, 120, 'UD1', withPolicy({ UpgradeTimeoutInMilliseconds: limit }));
    const ahead = explain(document, second).find(({ code }) => code === 'timeout-ahead');
    if (word === undefined) expect(ahead).toBeUndefined();
    else expect(ahead?.what).toContain(`Its own time ${word} run out`);
  });
});
