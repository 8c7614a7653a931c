/**
 * Parses the events of an application, from `GET /EventsStore/Applications/{id}/$/Events`. Members are as in the runtime's
 * `managed/EventsStore/EventsStore.EventsModels/Application`, and in the published models.
 */
import * as v from 'valibot';
import { failureActions, rollingUpgradeModes } from '../../upgrade/enums.ts';
import type { ApplicationEvent, ContainerExitedEvent } from '../../upgrade/events.ts';
import { addNode, type Exit, exitSchema, parseHealthReports } from './container-exits.ts';
import { eventMembers, readKind, sortEvents, takeNewest, toBase } from './event-members.ts';
import { enumeration, number, optionalName, text } from './schema.ts';
import { failureReason } from './upgrade-domain.ts';

/** Largest number of domains to read of one event. */
const maxDomains = 1000;

/**
 * Parses events that are about upgrades and containers, oldest first. Skips all other kinds, and events without a time;
 * `undefined` for JSON that is not a list.
 */
export function parseEvents(value: unknown): readonly ApplicationEvent[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const events = value.flatMap((element): readonly ParsedEvent[] => {
    const result = v.safeParse(schemas.get(readKind(element)) ?? v.never(), element);
    return result.success ? [result.output] : [];
  });
  const upgrades = takeNewest(events.flatMap((event) => (isExit(event) ? [] : event)));
  // Apart from the others, which a container that exits again and again must not displace.
  const exits = takeNewest(events.filter(isExit));
  const reports = exits.length > 0 ? parseHealthReports(value) : [];
  return sortEvents([...upgrades, ...exits.map((exit) => addNode(exit, reports))]);
}

type ParsedEvent = Exclude<ApplicationEvent, ContainerExitedEvent> | Exit;

function isExit(event: ParsedEvent): event is Exit {
  return event.kind === 'container-exited';
}

/** Elapsed milliseconds. */
const elapsedMs = v.pipe(
  number,
  v.transform((value) => (value !== undefined && value >= 0 ? value : undefined)),
);

const versionMembers = {
  ...eventMembers,
  CurrentApplicationTypeVersion: optionalName,
  ApplicationTypeVersion: optionalName,
};

const startedSchema = v.pipe(
  v.object({
    ...versionMembers,
    RollingUpgradeMode: enumeration(rollingUpgradeModes),
    FailureAction: enumeration(failureActions),
  }),
  v.transform(
    (event): ParsedEvent => ({
      kind: 'upgrade-started',
      ...toBase(event),
      from: event.CurrentApplicationTypeVersion,
      to: event.ApplicationTypeVersion,
      mode: event.RollingUpgradeMode,
      failureAction: event.FailureAction,
    }),
  ),
);

const domainSchema = v.pipe(
  v.object({
    ...versionMembers,
    UpgradeState: text,
    UpgradeDomains: text,
    UpgradeDomainElapsedTimeInMs: elapsedMs,
  }),
  v.transform((event): ParsedEvent => {
    const isBack = readDirection(event.UpgradeState ?? '');
    const { from, to } = isBack ? readRollbackVersions(event) : readVersions(event);
    return {
      kind: 'domain-completed',
      ...toBase(event),
      from,
      to,
      isBack,
      domains: splitDomains(event.UpgradeDomains ?? ''),
      took: event.UpgradeDomainElapsedTimeInMs,
    };
  }),
);

const completedSchema = v.pipe(
  v.object({ ...versionMembers, OverallUpgradeElapsedTimeInMs: elapsedMs }),
  v.transform(
    (event): ParsedEvent => ({
      kind: 'upgrade-completed',
      ...toBase(event),
      to: event.ApplicationTypeVersion,
      took: event.OverallUpgradeElapsedTimeInMs,
    }),
  ),
);

const rollbackMembers = {
  ...versionMembers,
  FailureReason: failureReason,
  OverallUpgradeElapsedTimeInMs: elapsedMs,
};

const rollbackStartedSchema = v.pipe(
  v.object(rollbackMembers),
  v.transform(
    (event): ParsedEvent => ({
      kind: 'rollback-started',
      ...toBase(event),
      ...readRollbackVersions(event),
      failureReason: event.FailureReason,
      took: event.OverallUpgradeElapsedTimeInMs,
    }),
  ),
);

const rollbackCompletedSchema = v.pipe(
  v.object(rollbackMembers),
  v.transform(
    (event): ParsedEvent => ({
      kind: 'rollback-completed',
      ...toBase(event),
      backTo: event.ApplicationTypeVersion,
      failureReason: event.FailureReason,
      took: event.OverallUpgradeElapsedTimeInMs,
    }),
  ),
);

/** Schemas by kind, in lower case. The runtime's source spells one kind differently from the published model. */
const schemas = new Map<string, v.GenericSchema<unknown, ParsedEvent>>([
  ['applicationupgradestarted', startedSchema],
  ['applicationupgradedomaincompleted', domainSchema],
  ['applicationupgradecompleted', completedSchema],
  ['applicationupgraderollbackstarted', rollbackStartedSchema],
  ['applicationupgraderollbackcompleted', rollbackCompletedSchema],
  ['applicationcontainerinstanceexited', exitSchema],
  ['applicationcontainerinstanseexited', exitSchema],
]);

interface Versions {
  readonly CurrentApplicationTypeVersion: string | undefined;
  readonly ApplicationTypeVersion: string | undefined;
}

function readVersions(event: Versions) {
  return { from: event.CurrentApplicationTypeVersion, to: event.ApplicationTypeVersion };
}

/**
 * Reads the versions of an event of a rollback. The runtime writes the version that runs again as both versions
 * (`ProcessApplicationUpgradeContextAsyncOperation.cpp`), which does not name the version that is rolled back.
 */
function readRollbackVersions(event: Versions) {
  const { from, to } = readVersions(event);
  return { from, to: to === from ? undefined : to };
}

function readDirection(state: string): boolean | undefined {
  if (/rollingback|rollback/i.test(state)) return true;
  return /rollingforward|rollforward/i.test(state) ? false : undefined;
}

/** Splits names that the runtime writes as `(UD0 UD1)` (`Common/TextWritableTypes.h`). */
function splitDomains(names: string): readonly string[] {
  return names
    .replace(/^\s*\((.*)\)\s*$/s, '$1')
    .split(/[\s,]+/, maxDomains)
    .filter((name) => name !== '');
}
