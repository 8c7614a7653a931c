/** Tables of large upgrades: many upgrade domains, and 64 KiB of health evaluations. */
import { describe, expect, it } from 'vitest';
import { createDomainEvaluation, createNodeEvaluation, createUpgrade, toWire } from '../support/documents.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { run } from '../support/run.ts';
import { answer, startGateway } from '../support/scripted-gateway.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

describe('a table of 50 upgrade domains', () => {
  async function listDomainLines(count: number, seconds: number, ...argv: string[]) {
    const cluster = await startSimulatedCluster('happy', { domains: count, nodes: 2 * count });
    cluster.at(seconds);
    const { stdout } = await run(['upgrade-progress', 'web', '-e', cluster.url, ...argv]);
    return stdout.split('\n').filter((line) => /UD\d|upgrade domains/.test(line));
  }

  it('has a bar, and the ends of each list', async () => {
    expect(await listDomainLines(50, 290 + 20 * 240)).toEqual([
      '│ State          │ rolling forward, UD21 (22 of 50)  RollingForwardInProgress  │',
      '│ Progress       │ ██████████▒░░░░░░░░░░░░░ 21 of 50 upgrade domains done      │',
      '│                │ 1h 50m to 2h 4m until all upgrade domains are done,         │',
      '│ Domains        │ done       UD0, UD1, UD2, … 15 more …, UD18, UD19, UD20     │',
      '│                │ current    UD21                                             │',
      '│                │ next       UD22                                             │',
      '│                │ waiting    UD23, UD24, UD25, … 21 more …, UD47, UD48, UD49  │',
    ]);
  });

  it('lists all of them with --full', async () => {
    const text = (await listDomainLines(50, 290 + 20 * 240, '--full')).join(' ');
    for (let domain = 0; domain < 50; domain++) expect(text).toMatch(new RegExp(`UD${domain}\\b`));
  });
});

describe('a table of 64 KiB of health evaluations', () => {
  const nodes = Array.from({ length: 90 }, (_, index) =>
    createNodeEvaluation(`_node_${index}`, `The container on _node_${index} exited with code ${index % 3}.`),
  );
  const document = toWire(
    createUpgrade({
      UpgradeState: 'RollingBackCompleted',
      TargetApplicationTypeVersion: 'v1',
      ApplicationUnhealthyEvaluations: [createDomainEvaluation(nodes)],
    }),
  );

  async function printTable(...argv: string[]) {
    const gateway = await startGateway(answer(document));
    return (await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv])).stdout;
  }

  it('has each cause once, and counts the evaluations that it leaves out', async () => {
    expect(document.length).toBeGreaterThan(64 * 1024);
    const stdout = await printTable();
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(75);
    for (const line of lines) expect(line).toHaveLength(80);
    const text = unfoldTable(stdout);
    for (const code of [0, 1, 2]) expect(text).toContain(`exited with code ${code}. Reported by`);
    expect(text).toContain('on _node_0, _node_3, _node_6 and 27 more, since');
    expect(text).toContain('90 of 90 nodes unhealthy, 20% tolerated');
    expect(text).toContain('… 169 more evaluations; --full shows all');
  });

  it('has all evaluations with --full', async () => {
    const text = unfoldTable(await printTable('--full'));
    for (let node = 0; node < 90; node++)
      expect(text).toContain(`The application on node '_node_${node}' is`);
    expect(text).not.toContain('--full');
  });
});
