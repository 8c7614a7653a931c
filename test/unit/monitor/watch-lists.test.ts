/** Dashboards on a clock of their own and without a cluster. */
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/cluster/gateway.ts';
import { Dashboard } from '../../../src/monitor/dashboard.ts';
import type { RelatedReads } from '../../../src/monitor/related-reads.ts';
import type { ListSource } from '../../../src/monitor/watch-list.ts';
import { type DashboardEvent, watchLists } from '../../../src/monitor/watch-lists.ts';
import { interruptedError } from '../../../src/platform/errors.ts';
import type { Host, Output } from '../../../src/platform/host.ts';
import type { Deployment } from '../../../src/upgrade/model.ts';
import { completedUpgrade, type Members, runningUpgrade } from '../../support/documents.ts';
import { createSharedTime } from '../../support/shared-time.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

const endpoint = { origin: 'http://cluster:19080', isTls: false, host: 'cluster', port: 19080, basePath: '' };
const commandTarget = { options: [], sfctlSelect: undefined, shells: ['posix'] as const };
const connection = { endpoint, commandTarget, timeoutSeconds: 60 };

const relatedReads: RelatedReads = {
  application: async () => undefined,
  services: async () => new Map(),
  nodes: async () => undefined,
  events: undefined,
  status: async () => undefined,
  names: async () => undefined,
  commandTarget,
};

/** Responses of a cluster after some seconds: the names that are upgrading, and the document of any upgrade. */
interface Answers {
  list(seconds: number): readonly string[];
  upgrade(seconds: number): Members | 'silence';
}

function startDashboard({ list, upgrade }: Answers, maxWaitMs: number) {
  const { clock } = createSharedTime();
  const interrupt = new AbortController();
  const closed = new AbortController();
  const calledOff: string[] = [];
  const seconds = () => clock.monotonic() / 1000;
  const gateway: Partial<Gateway> = {
    async *readDeployments() {
      yield list(seconds()).map(
        (name): Deployment => ({
          name,
          application: `fabric:/${name}`,
          status: 'Upgrading',
          details: '',
          document: '{}',
        }),
      );
    },
    async readUpgradeProgress(name, signal) {
      const document = upgrade(seconds());
      if (document !== 'silence')
        return {
          value: parseUpgrade({ ...document, DeploymentName: name }),
          text: JSON.stringify(document),
        };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      calledOff.push(name);
      throw interruptedError(signal.reason);
    },
  };
  const source: ListSource = {
    cluster: undefined,
    endpoint: endpoint.origin,
    isAmongClusters: false,
    connection,
    gateway: gateway as Gateway,
    createSource: () => ({ gateway: gateway as Gateway, relatedReads }),
  };
  const output: Partial<Output> = { closeSignal: closed.signal, waitForDrain: async () => {} };
  const host = {
    clock,
    interrupt: interrupt.signal,
    stdout: output,
    stderr: output,
    random: () => 1,
  } as Host;
  const options = {
    retries: 2,
    intervalMs: 10_000,
    maxWaitMs,
    heartbeatMs: Infinity,
    stallAfterMs: Infinity,
  };
  return { events: watchLists([source], options, host), source, interrupt, closed, calledOff };
}

function describeEvent(one: DashboardEvent): string {
  if (one.type === 'list') return `${one.event.type}, ${one.omitted} omitted`;
  const event = one.type === 'upgrade' ? one.event.type : one.type;
  return `${one.target.deployment}: ${event}`;
}

async function collect(events: AsyncIterable<DashboardEvent>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const event of events) all.push(describeEvent(event));
  return all;
}

describe('a dashboard', () => {
  it('begins with what the list has, and ends at the deadline without further events', async () => {
    const answers = { list: () => ['web'], upgrade: () => runningUpgrade };
    expect(await collect(startDashboard(answers, 15_000).events)).toEqual([
      'web: begun',
      'listed, 0 omitted',
      'web: reading',
      'listed, 0 omitted',
      'web: reading',
    ]);
  });

  it('drops an upgrade ten minutes after its end, and takes the next one for new', async () => {
    const answers = {
      list: (seconds: number) => (seconds < 60 || seconds > 900 ? ['web'] : []),
      upgrade: (seconds: number) => (seconds < 60 ? runningUpgrade : completedUpgrade),
    };
    const { events, source } = startDashboard(answers, 920_000);
    const dashboard = new Dashboard([source]);
    const all: string[] = [];
    for await (const event of events) {
      dashboard.takeIn(event);
      const text = describeEvent(event);
      if (!/listed|reading/.test(text)) all.push(text);
      if (text === 'web: dropped') expect(dashboard.statuses).toEqual([]);
    }
    expect(all).toEqual(['web: begun', 'web: ended', 'web: dropped', 'web: begun', 'web: ended']);
    expect(dashboard.summarize()).toBe('2 upgrades: 2 completed');
  });

  it('follows 500 upgrades of a cluster at a time, and counts the others', async () => {
    const names = Array.from({ length: 502 }, (_, index) => `web-${index}`);
    const answers = { list: () => names, upgrade: () => runningUpgrade };
    const all = await collect(startDashboard(answers, 5000).events);
    expect(all.filter((text) => text.endsWith(': begun'))).toHaveLength(500);
    expect(all).toContain('listed, 2 omitted');
  });

  it.each(['interrupt', 'closed'] as const)('ends all reads at once: %s', async (reason) => {
    const answers = { list: () => ['web'], upgrade: () => 'silence' as const };
    const dashboard = startDashboard(answers, Infinity);
    const all: string[] = [];
    for await (const event of dashboard.events) {
      all.push(describeEvent(event));
      if (event.type === 'list') setImmediate(() => dashboard[reason].abort('SIGTERM'));
    }
    expect(all).toEqual(['web: begun', 'listed, 0 omitted']);
    expect(dashboard.calledOff).toEqual(['web']);
  });

  it('ends with a consumer that stops early', async () => {
    const answers = { list: () => ['web'], upgrade: () => 'silence' as const };
    const { events, calledOff } = startDashboard(answers, Infinity);
    for await (const event of events) if (event.type === 'list') break;
    expect(calledOff).toEqual(['web']);
  });
});
