/** Parses the exits of containers, and finds their nodes, which the events do not name. */
import * as v from 'valibot';
import { healthStates } from '../../upgrade/enums.ts';
import type { ContainerExitedEvent } from '../../upgrade/events.ts';
import { eventMembers, readKind, takeNewest, toBase } from './event-members.ts';
import { enumeration, lenient, optionalName, time } from './schema.ts';

/** An exit, with the service package by which its node is found. */
export interface Exit extends ContainerExitedEvent {
  readonly servicePackage: string | undefined;
  readonly activationId: string | undefined;
}

/** Parses the event of an exit. */
export const exitSchema = v.pipe(
  v.object({
    ...eventMembers,
    ServiceName: optionalName,
    ServicePackageName: optionalName,
    ServicePackageActivationId: optionalName,
    CodePackageName: optionalName,
    ImageName: optionalName,
    ExitCode: lenient(v.pipe(v.number(), v.integer()), undefined),
    UnexpectedTermination: lenient(v.boolean(), undefined),
  }),
  v.transform(
    (event): Exit => ({
      kind: 'container-exited',
      ...toBase(event),
      service: event.ServiceName,
      codePackage: event.CodePackageName,
      image: event.ImageName,
      node: undefined,
      exitCode: event.ExitCode,
      isUnexpected: event.UnexpectedTermination,
      servicePackage: event.ServicePackageName,
      activationId: event.ServicePackageActivationId,
    }),
  ),
);

/** A health report on a service package of a node. */
const reportSchema = v.pipe(
  v.object({
    NodeName: v.pipe(optionalName, v.string()),
    ServiceManifestName: v.pipe(optionalName, v.string()),
    ServicePackageActivationId: optionalName,
    SourceId: v.literal('System.Hosting'),
    HealthState: v.pipe(enumeration(healthStates), v.picklist(['Warning', 'Error'])),
    SourceUtcTimestamp: v.pipe(time, v.date()),
  }),
  v.transform((report) => ({
    node: report.NodeName,
    servicePackage: report.ServiceManifestName,
    activationId: report.ServicePackageActivationId,
    at: report.SourceUtcTimestamp,
  })),
);

type Report = v.InferOutput<typeof reportSchema>;

/** Parses the reports of unhealthy service packages among events of all kinds. */
export function parseHealthReports(elements: readonly unknown[]): readonly Report[] {
  const reports = elements.flatMap((element) => {
    if (readKind(element) !== 'deployedservicepackagenewhealthreport') return [];
    const result = v.safeParse(reportSchema, element);
    return result.success ? [result.output] : [];
  });
  return takeNewest(reports);
}

/** Time between an exit and the report on it, which the same process of the node writes, by the same clock. */
const maxReportGapMs = 50;

/** Adds the node, which the event does not name, if reports on the service package at the same time name only one. */
export function addNode(
  { servicePackage, activationId, ...exit }: Exit,
  reports: readonly Report[],
): ContainerExitedEvent {
  const isOfExit = (report: Report) =>
    report.servicePackage === servicePackage &&
    report.activationId === activationId &&
    Math.abs(report.at.getTime() - exit.at.getTime()) <= maxReportGapMs;
  const nodes = new Set(reports.filter(isOfExit).map(({ node }) => node));
  const [node] = nodes;
  return nodes.size === 1 ? { ...exit, node } : exit;
}
