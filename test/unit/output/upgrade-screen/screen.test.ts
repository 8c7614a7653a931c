/** The screen of one deployment at all sizes. */
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { renderUpgradeScreen } from '../../../../src/output/upgrade-screen/screen.ts';
import {
  createUpgrade,
  createWaitingNode,
  type Members,
  rollingBackUpgrade,
  runningUpgrade,
} from '../../../support/documents.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';
import { createPlainStyle } from '../../../support/style.ts';

const snapshots = [runningUpgrade, rollingBackUpgrade].map((document) =>
  buildSnapshot(document, { application: {} }),
);

describe('the live screen of one deployment', () => {
  it('keeps the state, the domain and the cause on a small screen', () => {
    const screen = renderUpgradeScreen(buildSnapshot(rollingBackUpgrade), createPlainStyle(80), {
      cluster: 'prod:19080',
      full: false,
      maxLines: 10,
    });
    expect(screen).toContain('rolling back');
    expect(screen).toContain('prod:19080');
    expect(screen).toContain('exited with code 137.');
    expect(screen).not.toContain('sfctl');
  });

  it.each([40, 60, 80, 110])('fits %d columns and any height from 10 rows', (width) => {
    for (const snapshot of snapshots)
      for (let maxLines = 10; maxLines <= 60; maxLines++) {
        const view = { cluster: 'prod:19080', full: false, maxLines };
        const lines = renderUpgradeScreen(snapshot, createPlainStyle(width), view).trimEnd().split('\n');
        expect(lines.length).toBeLessThanOrEqual(maxLines);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }
  });
});

describe('the screen of one deployment', () => {
  const render = (document: Members, application: Members = {}) =>
    renderUpgradeScreen(buildSnapshot(document, { application }), createPlainStyle(80), {
      cluster: 'prod:19080',
      full: false,
    });

  it('has no bar, and one empty line below the state, if it is unknown where a rollback began', () => {
    const domain = { DomainName: '1', NodeUpgradeProgressList: [createWaitingNode('_node_1')] };
    const document = {
      ...rollingBackUpgrade,
      ApplicationUnhealthyEvaluations: [],
      CurrentUpgradeDomainProgress: domain,
    };
    const record = {
      TargetApplicationTypeVersion: 'v1',
      UpgradeState: 'RollingBackInProgress',
      UpgradeDomains: [
        { Name: '0', State: 'Pending' },
        { Name: '1', State: 'InProgress' },
      ],
    };
    expect(render(document, record)).toMatch(/rolling back {3}domain 1, 1 of 2 .*\n\n {2}\S domain 1 /);
  });

  it('names the domain that has begun as the current one, though it has no nodes yet', () => {
    const domain = { DomainName: '0', NodeUpgradeProgressList: [] };
    const UpgradeDomains = ['0', '1'].map((Name) => ({
      Name,
      State: Name === '0' ? 'InProgress' : 'Pending',
    }));
    const screen = render(createUpgrade({ CurrentUpgradeDomainProgress: domain }), { UpgradeDomains });
    expect(screen).toMatch(/● rolling forward {3}domain 0, 1 of 2/);
    expect(screen).toMatch(/● domain 0/);
    expect(screen).toMatch(/· domain 1/);
  });

  it('says which domain is next, and nothing else, in a mode that it does not know', () => {
    const screen = render(
      createUpgrade({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredDeferred',
        CurrentUpgradeDomainProgress: { DomainName: 'N7', NodeUpgradeProgressList: [] },
      }),
      { UpgradeDomains: [] },
    );
    expect(screen).toContain('rolling forward   next domain N7');
    expect(screen).toContain('UnmonitoredDeferred');
    expect(screen).not.toMatch(/health|approval/);
  });

  it('shows how long the upgrade of a node takes, where the runtime tells', () => {
    const node = {
      NodeName: '3',
      UpgradePhase: 'Upgrading',
      PendingSafetyChecks: [],
      UpgradeDuration: 'PT0H7M0S',
    };
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: [node] };
    expect(render(createUpgrade({ CurrentUpgradeDomainProgress: domain }))).toContain(
      'node 3 upgrading (7m)',
    );
  });

  it('says of an unmonitored upgrade that went well that its health was not checked', () => {
    const document = createUpgrade({
      UpgradeState: 'RollingForwardCompleted',
      RollingUpgradeMode: 'UnmonitoredAuto',
    });
    const screen = render(document);
    expect(screen).toMatch(/^✓ web upgraded to v2/);
    expect(screen).toContain('Note  Health was not checked (UnmonitoredAuto).');
  });
});
