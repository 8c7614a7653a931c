/** Tables of what is large: many upgrade domains, and 64 KiB of health evaluations. */
import { describe, expect, it } from 'vitest';
import { createDomainEvaluation, createNodeEvaluation, createUpgrade, toWire } from '../support/documents.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { run } from '../support/run.ts';
import { answer, startGateway } from '../support/scripted-gateway.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

describe('the upgrade domains', () => {
  async function domains(count: number, seconds: number, ...argv: string[]) {
    const cluster = await startSimulatedCluster('happy', { domains: count, nodes: 2 * count });
    cluster.at(seconds);
    const { stdout } = await run(['upgrade-progress', 'web', '-e', cluster.url, ...argv]);
    return stdout.split('\n').filter((line) => /UD\d|upgrade domains/.test(line));
  }

  it('of 50 read well: a bar, and the ends of each list', async () => {
    expect(await domains(50, 290 + 20 * 240)).toEqual([
      '│ State          │ rolling forward, upgrade domain UD21, 22 of 50              │',
      '│ Progress       │ ██████████▒░░░░░░░░░░░░░ 21 of 50 upgrade domains done      │',
      '│ Time left      │ Its own time will run out before all upgrade domains are    │',
      '│                │ 1h 50m 00s to 2h 04m 00s more until all upgrade domains     │',
      '│ Domains        │ done       UD0, UD1, UD2, … 15 more …, UD18, UD19, UD20     │',
      '│                │ current    UD21                                             │',
      '│                │ next       UD22                                             │',
      '│                │ waiting    UD23, UD24, UD25, … 21 more …, UD47, UD48, UD49  │',
    ]);
  });

  it('of 50 are all there with --full', async () => {
    const text = (await domains(50, 290 + 20 * 240, '--full')).join(' ');
    for (let domain = 0; domain < 50; domain++) expect(text).toMatch(new RegExp(`UD${domain}\\b`));
  });
});

describe('a document with 64 KiB of evaluations', () => {
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

  async function table(...argv: string[]) {
    const gateway = await startGateway(answer(document));
    return (await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv])).stdout;
  }

  it('fits a screen or two of 80 columns: each cause once, and how much of the tree is left out', async () => {
    expect(document.length).toBeGreaterThan(64 * 1024);
    const shown = await table();
    const lines = shown.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(75);
    for (const line of lines) expect(line).toHaveLength(80);
    const text = unfoldTable(shown);
    for (const code of [0, 1, 2]) expect(text).toContain(`exited with code ${code}. (and on 29 more nodes`);
    expect(text).toContain('90 of 90 nodes unhealthy (100%), 20% tolerated');
    expect(text).toContain('… 169 more evaluations; --full shows all');
  });

  it('with --full shows all of them', async () => {
    const text = unfoldTable(await table('--full'));
    for (let node = 0; node < 90; node++)
      expect(text).toContain(`The application on node '_node_${node}' is`);
    expect(text).not.toContain('--full');
  });
});
