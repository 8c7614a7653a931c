/** Poison anywhere in the documents of the cluster, in every output mode. */
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

/** Poisons one document in one place after the other. */
interface Walk {
  readonly of: keyof Documents;
  readonly modes: readonly OutputModeName[];
  /** The state of the upgrade instead of the mode's. */
  readonly state?: string;
  readonly argv?: readonly string[];
  /** The minimum number of places whose text is printed. */
  readonly minPrinted: number;
}

const walks: Readonly<Record<string, Walk>> = {
  'the upgrade': {
    of: 'upgrade',
    modes: allModes,
    // Without related reads the walk takes half the time, and has enough places.
    argv: ['--no-domains'],
    minPrinted: 40,
  },
  "the application's own record": {
    of: 'application',
    modes: [inFull, 'a live view on a terminal', 'records of a watch, on GitHub'],
    minPrinted: 4,
  },
  'the status of a deployment that failed': {
    of: 'status',
    modes: [inFull, 'a table on a narrow terminal', 'records of a watch, on GitHub'],
    state: 'Failed',
    minPrinted: 1,
  },
  'the name of a service': {
    of: 'service',
    modes: [inFull, 'lines of a watch and a table, on Azure', 'a live view on a terminal'],
    minPrinted: 1,
  },
};

/** Places whose text decides about the exit code. */
const deciding = ['.UpgradeState', '.DeploymentName'];

/** Groups places that are far apart, to save time. Deciding places stay alone. */
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
    let printed = 0;
    for (const group of groupPlaces(places, isOneByOne ? 1 : 8)) {
      const documents = { ...good, [of]: putText(good[of], group, allPoisons) };
      const ended = await cluster.read(mode, documents, argv);
      if (ended.stdout.includes('pwned')) printed++;
      const isAnother = group.includes('.DeploymentName');
      const problems = [...findHarm(ended, mode), ...(isAnother ? [] : findChanges(mode, ended, documents))];
      if (!group.some((place) => deciding.includes(place))) {
        if (ended.exitCode !== usual.exitCode) problems.push(`exit code ${ended.exitCode}`);
        if (countIssues(ended.stderr, 'warning') > 0) problems.push('a warning');
      }
      harm.push(...problems.map((one) => `${group.join(' or ')}: ${one}`));
    }
    expect(harm).toEqual([]);
    // Without printed poison the walk would prove little.
    expect(printed).toBeGreaterThanOrEqual(isOneByOne ? walk.minPrinted : 1);
  });
});

describe('a single poison', () => {
  it.each(Object.entries(poisons))('does no harm: %s', async (_, poison) => {
    const cluster = await startPoisonedCluster();
    for (const name of [inFull, 'lines of a watch and a table, on Azure'] as const) {
      const mode: OutputMode = outputModes[name];
      const good = createDocuments(mode.state);
      const read = async (text: string) => {
        const documents = { ...good, upgrade: putText(good.upgrade, somePlaces, text) };
        const ended = await cluster.read(mode, documents, ['--no-domains']);
        return [...findHarm(ended, mode), ...findChanges(mode, ended, documents)];
      };
      expect({ name, harm: await read(poison) }).toEqual({ name, harm: [] });
    }
  });
});
