/** Builds the documents about the health of entities, with the members in the runtime's order. */
import { toEnum } from '../enums.ts';
import type { Members } from '../runtime-json.ts';
import { type ChildKind, childKinds, type EntityKind, type HealthEntity, kinds } from './entities.ts';
import { evaluateEntity } from './evaluation.ts';
import { buildHealthEvent, type HealthState } from './reports.ts';

type Query = ReadonlyMap<string, string>;

/** Own members of the documents. */
const ownMembers: Readonly<Partial<Record<EntityKind, (names: HealthEntity['names']) => Members>>> = {
  Node: ({ node }) => ({ Name: node }),
  Application: ({ application }) => ({ Name: application }),
  Service: ({ service }) => ({ Name: service }),
  Partition: ({ partition }) => ({ PartitionId: partition }),
  DeployedApplication: ({ application, node }) => ({ Name: application, NodeName: node }),
};

/**
 * Builds a `ClusterHealth`, `NodeHealth`, `ApplicationHealth`, `ServiceHealth`, `PartitionHealth` or
 * `DeployedApplicationHealth`.
 * @param more children that are listed, but not evaluated
 */
export function buildHealth(entity: HealthEntity, query: Query, more: readonly HealthEntity[] = []): Members {
  const { kind, names, reports, children } = entity;
  const { state, causes } = evaluateEntity(entity);
  const isListedEvent = parseFilter(query, 'Events');
  const lists = childKinds[kind].map((childKind) => {
    const isListed = parseFilter(query, `${childKind}s`);
    const states = [...children, ...more]
      .filter((child) => child.kind === childKind)
      .map((child) => ({ names: child.names, state: evaluateEntity(child).state }))
      .filter((child) => isListed(child.state));
    return [
      `${childKind}HealthStates`,
      states.map((child) => kinds[childKind].buildState(child.names, child.state)),
    ] as const;
  });
  return {
    HealthEvents: reports.filter((report) => isListedEvent(report.state)).map(buildHealthEvent),
    AggregatedHealthState: toEnum('healthState', state),
    UnhealthyEvaluations: causes,
    HealthStatistics: buildStatistics(entity, query),
    ...ownMembers[kind]?.(names),
    ...Object.fromEntries(lists),
  };
}

/** Counts the descendants of each kind by state. An entity that cannot have any has no statistics. */
function buildStatistics(entity: HealthEntity, query: Query): Members | undefined {
  const descendantKinds = listDescendantKinds(entity.kind);
  if (descendantKinds.length === 0 || query.get('ExcludeHealthStatistics')?.toLowerCase() === 'true')
    return undefined;
  const descendants = listDescendants(entity).map((one) => ({
    kind: one.kind,
    state: evaluateEntity(one).state,
  }));
  const count = (kind: ChildKind, state: HealthState) =>
    descendants.filter((one) => one.kind === kind && one.state === state).length;
  return {
    HealthStateCountList: descendantKinds.map((kind) => ({
      EntityKind: toEnum('entityKind', kind),
      HealthStateCount: {
        OkCount: count(kind, 'Ok'),
        ErrorCount: count(kind, 'Error'),
        WarningCount: count(kind, 'Warning'),
      },
    })),
  };
}

/** Lists the kinds below a kind, each after those below itself, as the runtime does. */
function listDescendantKinds(kind: EntityKind): readonly ChildKind[] {
  return childKinds[kind].flatMap((child) => [...listDescendantKinds(child), child]);
}

function listDescendants({ children }: HealthEntity): readonly HealthEntity[] {
  return children.flatMap((child) => [child, ...listDescendants(child)]);
}

/** Bits of a health state filter. Without any of them everything is listed, and with 1 nothing. */
const filterBits: Readonly<Record<HealthState, number>> = { Ok: 2, Warning: 4, Error: 8 };

function parseFilter(query: Query, plural: string): (state: HealthState) => boolean {
  const filter = Number(query.get(`${plural}HealthStateFilter`) ?? '0');
  return (state) => filter === 0 || (filter & filterBits[state]) !== 0;
}
