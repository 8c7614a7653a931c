/** Poison anywhere in the documents of the cluster, shown in every way. */
import { describe, expect, it } from 'vitest';
import { countIssues, findHarm } from '../../support/harm.ts';
import { allPoisons, listPlaces, poisons, putText } from '../../support/poison.ts';
import {
  allModes,
  createDocuments,
  type Documents,
  findChanges,
  inFull,
  type OutputMode,
  type OutputModeName,
  outputModes,
  somePlaces,
  startPoisonedCluster,
} from '../../support/poisoned-cluster.ts';
import type { Run } from '../../support/run.ts';

interface Walk {
  readonly of: keyof Documents;
  readonly modes: readonly OutputModeName[];
  /** In place of the state of the mode. */
  readonly state?: string;
  readonly argv?: readonly string[];
  /** At how many places at least the poison is shown. */
  readonly shown: number;
}

const walks: Readonly<Record<string, Walk>> = {
  'the upgrade': {
    of: 'upgrade',
    modes: allModes,
    // It says enough by itself, and takes half the time.
    argv: ['--no-domains'],
    shown: 40,
  },
  "the application's own record": {
    of: 'application',
    modes: [inFull, 'a live view on a terminal', 'records of a watch, on GitHub'],
    shown: 6,
  },
  'the status of a deployment that failed': {
    of: 'status',
    modes: [inFull, 'a table on a narrow terminal', 'records of a watch, on GitHub'],
    state: 'Failed',
    shown: 1,
  },
  'the name of a service': {
    of: 'service',
    modes: [inFull, 'lines of a watch and a table, on Azure', 'a live view on a narrow terminal'],
    shown: 1,
  },
};

/** Where the poison itself decides how it ends. */
const deciding = ['.UpgradeState', '.DeploymentName'];

/** Several that do not stand beside each other go together where each by itself would take too long. */
function groupPlaces(places: readonly string[], size: number): readonly (readonly string[])[] {
  const others = places.filter((name) => !deciding.includes(name));
  const count = Math.ceil(others.length / size);
  const groups = Array.from({ length: count }, (_, nth) => others.filter((_, at) => at % count === nth));
  return [...places.filter((name) => deciding.includes(name)).map((name) => [name]), ...groups];
}

describe.each(Object.entries(walks))('poison anywhere in %s', (_, { of, state, argv, ...walk }) => {
  it.each(walk.modes)('does no harm in %s', async (name) => {
    const mode: OutputMode = outputModes[name];
    const isOneByOne = name === inFull;
    const cluster = await startPoisonedCluster();
    const good = createDocuments(state ?? mode.state);
    const usual = await cluster.read(mode, good, argv);
    const places = listPlaces(good[of]).map((place) => place.name);
    const harm: string[] = [];
    let shown = 0;
    for (const group of groupPlaces(places, isOneByOne ? 1 : 8)) {
      const documents = { ...good, [of]: putText(good[of], group, allPoisons) };
      const ended = await cluster.read(mode, documents, argv);
      if (ended.stdout.includes('pwned')) shown++;
      const isAnother = group.includes('.DeploymentName');
      const found = [...findHarm(ended, mode), ...(isAnother ? [] : findChanges(mode, ended, documents))];
      if (!group.some((place) => deciding.includes(place))) {
        if (ended.exitCode !== usual.exitCode) found.push(`exit code ${ended.exitCode}`);
        if (countIssues(ended.stderr, 'warning') > 0) found.push('a warning');
      }
      harm.push(...found.map((one) => `${group.join(' or ')}: ${one}`));
    }
    expect(harm).toEqual([]);
    // Else it would prove little.
    expect(shown).toBeGreaterThanOrEqual(isOneByOne ? walk.shown : 1);
  });
});

describe('harmless by itself is', () => {
  it.each(Object.entries(poisons))('%s', async (_, poison) => {
    const cluster = await startPoisonedCluster();
    for (const name of [inFull, 'lines of a watch and a table, on Azure'] as const) {
      const mode: OutputMode = outputModes[name];
      const good = createDocuments(mode.state);
      const read = async (text: string) => {
        const documents = { ...good, upgrade: putText(good.upgrade, somePlaces, text) };
        const ended = await cluster.read(mode, documents, ['--no-domains']);
        return { ended, harm: [...findHarm(ended, mode), ...findChanges(mode, ended, documents)] };
      };
      const { ended, harm } = await read(poison);
      expect({ name, harm }).toEqual({ name, harm: [] });
      if (!poison.includes('\n')) continue;
      // What ends a line must look no other than two characters that do not.
      const { ended: spelled } = await read(poison.replaceAll('\n', '\\n'));
      expect(maskChance(ended)).toEqual(maskChance(spelled));
    }
  });
});

/** Without what differs from run to run, or by the length of what was sent. */
const maskChance = ({ stderr, ...rest }: Run) => ({
  ...rest,
  stderr: stderr.replace(/(?<=request id )[\w-]+|\d+(?= bytes)/g, '…'),
});
