/** Evaluates the health of entities, by their reports and their children, like the health manager. */
import { toEnum } from '../enums.ts';
import type { Members } from '../runtime-json.ts';
import { type ChildKind, childKinds, type HealthEntity, kinds } from './entities.ts';
import { buildHealthEvent, type HealthReport, type HealthState } from './reports.ts';

/** The result of an evaluation. */
export interface Health {
  readonly state: HealthState;
  /** The tree of causes as a wire document, or nothing. */
  readonly causes: readonly Members[];
}

const healthy: Health = { state: 'Ok', causes: [] };
const severity: Readonly<Record<HealthState, number>> = { Ok: 0, Warning: 1, Error: 2 };

/**
 * Evaluates an entity by the default policy, which tolerates no unhealthy child. The first of the worst causes counts.
 */
export function evaluateEntity({ kind, reports, children }: HealthEntity): Health {
  const groups = childKinds[kind].flatMap((childKind) => {
    const ofKind = children.filter((child) => child.kind === childKind);
    // A policy has a limit for each service type.
    const types = new Set(ofKind.map(({ names }) => names.serviceType));
    return [...types].map((type) =>
      evaluateGroup(
        childKind,
        ofKind.filter(({ names }) => names.serviceType === type),
      ),
    );
  });
  const causes = reports.map((report) => ({ state: report.state, causes: [buildReportCause(report)] }));
  return findWorst([...causes, ...groups]);
}

/** Limits of a group, other than the default. */
interface GroupLimits {
  /** Percentage of unhealthy entities, which is rounded up to whole ones. */
  readonly tolerated: number;
  /** The upgrade domain that the entities belong to. */
  readonly domain: string;
}

/** Evaluates entities of one kind together. Only errors count against the limit (`HealthCount.cpp`). */
export function evaluateGroup(
  kind: ChildKind,
  entities: readonly HealthEntity[],
  { tolerated, domain }: Partial<GroupLimits> = {},
): Health {
  const results = entities.map((entity) => ({ entity, health: evaluateEntity(entity) }));
  const { state: worst } = findWorst(results.map(({ health }) => health));
  if (worst === 'Ok') return healthy;
  const total = entities.length;
  const errors = results.filter(({ health }) => health.state === 'Error');
  const isTolerated = errors.length <= Math.ceil((total * (tolerated ?? 0)) / 100);
  const state = isTolerated ? 'Warning' : 'Error';
  const unhealthy = isTolerated ? results.filter(({ health }) => health.state !== 'Ok') : errors;
  const { group, plural, limit } = kinds[kind];
  const share = `${Math.floor((unhealthy.length / total) * 100)}% (${unhealthy.length}/${total})`;
  const scope = domain === undefined ? '' : ` in upgrade domain '${domain}'`;
  const tolerance = limit ? `; ${tolerated ?? 0}% is tolerated` : '';
  const cause = buildEvaluation(
    domain === undefined ? group : 'UpgradeDomainDeployedApplications',
    `${share} of the ${plural}${scope} are unhealthy${tolerance}.`,
    state,
    {
      ServiceTypeName: kind === 'Service' ? entities[0]?.names.serviceType : undefined,
      UpgradeDomainName: domain,
      UnhealthyEvaluations: unhealthy.map(({ entity, health }) => buildEntityCause(kind, entity, health)),
      ...(limit ? { [limit]: tolerated ?? 0 } : {}),
      TotalCount: total,
    },
  );
  return { state, causes: [cause] };
}

function findWorst(results: readonly Health[]): Health {
  return results.reduce(
    (worst, next) => (severity[next.state] > severity[worst.state] ? next : worst),
    healthy,
  );
}

function buildEntityCause(kind: ChildKind, { names }: HealthEntity, { state, causes }: Health): Members {
  const { describe, buildCause } = kinds[kind];
  return buildEvaluation(kind, `${describe(names)} is in ${state}.`, state, buildCause(names, causes));
}

function buildReportCause(report: HealthReport): Members {
  const { source, property, state } = report;
  return buildEvaluation('Event', `'${source}' reported ${state} for '${property}'.`, state, {
    UnhealthyEvent: buildHealthEvent(report),
    ConsiderWarningAsError: false,
  });
}

function buildEvaluation(
  kind: Parameters<typeof toEnum<'evaluation'>>[1],
  description: string,
  state: HealthState,
  own: Members,
): Members {
  return {
    HealthEvaluation: {
      Kind: toEnum('evaluation', kind),
      Description: description,
      AggregatedHealthState: toEnum('healthState', state),
      ...own,
    },
  };
}
