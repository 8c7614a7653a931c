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

  it('has one row for all that are done, and one for all to come', async () => {
    const [state, ...rows] = await listDomainLines(50, 290 + 20 * 240);
    expect(state).toMatch(/^● rolling forward {3}UD21, 22 of 50 /);
    expect(rows.slice(0, 3)).toEqual([
      '  ✓ UD0–UD20    21 domains, 4m each',
      '  ● UD21        _node_21 upgrading   _node_71 waiting',
      '  · UD22–UD49   28 domains',
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
    expect(lines.length).toBeLessThanOrEqual(34);
    const prose = lines.filter((line) => !/^ *(?:sfctl|sfcompose|Health tree:) /.test(line));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(80);
    const text = unfoldTable(stdout);
    for (const code of [0, 1, 2]) expect(text).toContain(`exited with code ${code}.`);
    expect(text).toContain('On _node_0, _node_3, _node_6, _node_9');
    expect(text).toContain('90 of 90 nodes unhealthy, 18 tolerated (20%)');
    expect(text).toContain('Health tree: sfcompose upgrade-progress web --full');
  });

  it('has all evaluations with --full', async () => {
    const text = unfoldTable(await printTable('--full'));
    for (let node = 0; node < 90; node++)
      expect(text).toContain(`The application on node '_node_${node}' is`);
    expect(text).not.toContain('--full');
  });
});
