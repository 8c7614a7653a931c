/** Estimates of the time that an upgrade still takes. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/upgrade/findings/finding.ts';
import { createPolicy, createUpgrade, type Members, unhealthyEvent } from '../../../support/documents.ts';
import { explain, type RelatedDocuments } from '../../../support/snapshots.ts';

interface EstimateCase {
  readonly name: string;
  readonly estimate?: string;
  readonly document: Members;
  readonly known: RelatedDocuments;
}

describe('the estimate of the time left', () => {
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
    createUpgrade({
      UpgradeDuration: seconds(duration),
      CurrentUpgradeDomainDuration: seconds(domainDuration),
      ...working(domain),
      ...members,
    });
  const second = { application: domains('Completed', 'InProgress', 'Pending') };
  const findEstimate = (findings: readonly Finding[]) =>
    findings.find(({ code }) => code === 'estimate')?.evidence[0];

  it.each<EstimateCase>([
    {
      name: 'in the first upgrade domain',
      document: at(60, 60, 'UD0'),
      known: { application: domains('InProgress', 'Pending') },
    },
    // The first domain took 240 s, so that each takes 180 to 300 s; 120 s have passed, and the clock has 60 s steps.
    {
      name: 'after one domain',
      estimate: '4m to 9m',
      document: at(360, 120, 'UD1'),
      known: second,
    },
    {
      name: 'after two domains that took 240 s and 300 s',
      estimate: '3m to 5m',
      document: at(600, 60, 'UD2'),
      known: {
        application: domains('Completed', 'Completed', 'InProgress'),
        before: [at(0, 0, 'UD0'), at(240, 0, 'UD1'), at(540, 0, 'UD2')],
      },
    },
    {
      name: 'after a domain that was shorter than the policy allows',
      estimate: '1m to 2m',
      document: at(120, 60, 'UD1'),
      known: { application: domains('Completed', 'InProgress') },
    },
    {
      name: 'in a domain that takes much longer than the others',
      document: at(900, 660, 'UD1'),
      known: second,
    },
    { name: 'without a list of the domains', document: at(360, 120, 'UD1'), known: {} },
    {
      name: 'in a manual upgrade',
      document: at(360, 120, 'UD1', { RollingUpgradeMode: 'UnmonitoredManual' }),
      known: second,
    },
    {
      name: 'in an unhealthy upgrade',
      document: at(360, 120, 'UD1', { ApplicationUnhealthyEvaluations: [unhealthyEvent] }),
      known: second,
    },
  ])('$name is $estimate', ({ estimate, document, known }) => {
    const text = findEstimate(explain(document, known));
    if (estimate === undefined) expect(text).toBeUndefined();
    else expect(text).toContain(`${estimate} until all upgrade domains are done, estimated from`);
  });

  it.each([
    ['PT0H13M0S', 'may'],
    ['PT0H8M0S', 'will'],
  ])('warns that an upgrade timeout of %s %s be exceeded', (limit, word) => {
    const document = at(360, 120, 'UD1', createPolicy({ UpgradeTimeoutInMilliseconds: limit }));
    const ahead = explain(document, second).find(({ code }) => code === 'timeout-ahead');
    expect(ahead?.what).toContain(`The upgrade ${word} exceed its time limit`);
  });

  it('does not warn of an upgrade timeout that is long enough', () => {
    const document = at(360, 120, 'UD1', createPolicy({ UpgradeTimeoutInMilliseconds: 'PT0H20M0S' }));
    expect(explain(document, second).find(({ code }) => code === 'timeout-ahead')).toBeUndefined();
  });
});
