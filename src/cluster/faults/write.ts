/** Explains writes that the cluster refused, or that were never sent. Pure. */
import type { ComposeFile } from '../../config/compose-file.ts';
import { addTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';
import { formatArgument, formatCount } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { WriteKind } from '../write-refusal.ts';
import { completeExplanation } from './explain.ts';
import type { Fault, ResponseFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { describeIdentity } from './forbidden.ts';
import { checkGatewayStep } from './next-steps.ts';
import { explainResponse } from './response.ts';
import { explainTransport } from './transport.ts';

/** The failed write and its settings. */
export interface WriteContext extends FaultContext {
  readonly write: WriteKind;
  /** Only for the start of an upgrade. */
  readonly composeFile: Pick<ComposeFile, 'path' | 'findLine'> | undefined;
}

type Explain = (context: WriteContext, fault: ResponseFault) => FaultExplanation;

/** Explains a write after which nothing was started. @param request `POST http://…`, without secrets */
export function explainRefusal(fault: Fault, request: string, context: WriteContext): Explanation {
  const specific =
    fault.kind === 'response' ? explainRefusedWrite(fault, context) : explainTransport(fault, context);
  const explanation = completeExplanation(specific, fault, request, context);
  const faults = fault.kind === 'response' ? findFileFaults(fault, context) : [];
  const line = faults.find((one) => one.line !== undefined)?.line;
  const { path = '-' } = context.composeFile ?? {};
  return {
    ...explanation,
    what: `${explanation.what} Nothing was started.`,
    // The evidence has the message.
    ...(faults.length > 0 && { message: undefined, evidence: formatFileFaults(faults, path) }),
    ...(line !== undefined && path !== '-' && { location: { file: path, line } }),
  };
}

function explainRefusedWrite(fault: ResponseFault, context: WriteContext): FaultExplanation {
  const { code, message = '' } = fault.error ?? {};
  // The upgrade's own explanation would hide that the gateway does not know the API version.
  const isAboutVersion = code === 'E_INVALIDARG' && /\bversions?\b|apiversion/i.test(message);
  const explanations = { ...sharedExplanations, ...explanationsByWrite[context.write] };
  if (code && Object.hasOwn(explanations, code) && !isAboutVersion)
    return (explanations[code] as Explain)(context, fault);
  if (context.write === 'upgrade' && fault.status === 413) return explainTooLarge(context, fault);
  if (context.write === 'upgrade' && code?.startsWith('FABRIC_E_IMAGEBUILDER_'))
    return explainImageBuilder(context, fault);
  if (fault.status === 409)
    return {
      outcome: 'conflict',
      what: `The state of ${quote(context)} does not allow the request.`,
      next: [suggestProgress(context)],
    };
  // A deployment that was read before the write was not being watched.
  return explainResponse(fault, { ...context, wasRead: false });
}

/** Explanations by the gateway's error code, for all writes. */
const sharedExplanations: Readonly<Record<string, Explain>> = {
  E_ACCESSDENIED: (context, { identity }) => ({
    outcome: 'unauthorized',
    what: `Access denied: no permission to ${verbs[context.write]} upgrades.`,
    evidence: describeIdentity(identity, context),
    meaning: 'Changes require the role Admin. The role User can only read.',
    next: [
      { what: 'Use a certificate or user with the Admin role, or ask the cluster administrator for it.' },
    ],
  }),
  E_NOTIMPL: ({ commandTarget }) => ({
    outcome: 'unreachable',
    what: 'The cluster does not support the request.',
    meaning: 'The runtime may be too old, or have no support for compose deployments.',
    next: [suggestVersion(commandTarget)],
  }),
  FABRIC_E_APPLICATION_NOT_FOUND: (context) => ({
    outcome: 'not-found',
    what: `There is no application of ${quote(context)}.`,
    meaning: 'The deployment was removed, or its creation failed.',
    next: [{ what: 'List the deployments', command: addTarget('sfcompose list', context.commandTarget) }],
  }),
};

const verbs: Readonly<Record<WriteKind, string>> = {
  upgrade: 'start',
  rollback: 'roll back',
  resume: 'resume',
};

const explainTooLarge: Explain = () => ({
  outcome: 'invalid',
  what: 'The compose file is too large for the cluster.',
  meaning: 'The gateway accepts requests of up to 4 MiB; a proxy in between may accept less.',
  next: [{ what: 'Make the compose file smaller.' }],
});

const explainImageBuilder: Explain = (_, { error }) => ({
  outcome: 'invalid',
  what: `The cluster could not use the compose file: ${error?.code}.`,
  meaning: 'The image builder, which turns the file into an application, failed.',
  next: [{ what: 'Check the compose file, and the disk space of the cluster manager nodes.' }],
});

/** Explanations by the gateway's error code, for each write. */
const explanationsByWrite: Readonly<Record<WriteKind, Readonly<Record<string, Explain>>>> = {
  upgrade: {
    FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR: () => ({
      outcome: 'invalid',
      what: 'The cluster rejected the compose file.',
      meaning: 'Service Fabric supports only some of the keys of compose files.',
      next: [{ what: 'Correct the file, and upgrade again.' }],
    }),
    FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR: () => ({
      outcome: 'invalid',
      what: 'The cluster could not process the compose file.',
      meaning:
        'The image builder failed without naming a place in the file, often because of a value of the wrong type.',
      next: [{ what: 'Check the types of all values in the compose file, and upgrade again.' }],
    }),
    FABRIC_E_IMAGEBUILDER_TIMEOUT: () => ({
      outcome: 'invalid',
      what: 'The cluster did not check the compose file in time.',
      meaning: 'The image builder is busy or slow.',
      next: [{ what: 'Wait a minute and upgrade again.' }],
    }),
    E_INVALIDARG: ({ endpoint }) => ({
      outcome: 'invalid',
      what: 'The cluster rejected the upgrade as invalid.',
      meaning:
        'Possible causes: an option of the upgrade, the compose file, the deployment name, or a wrong base path of the endpoint.',
      next: [{ what: `Check the options, the compose file and the endpoint: ${endpoint}` }],
    }),
    SerializationError: ({ commandTarget }) => ({
      outcome: 'invalid',
      what: 'The gateway could not parse the upgrade request.',
      meaning: 'The runtime may expect a different request, or a proxy may change requests.',
      next: [suggestVersion(commandTarget), checkGatewayStep],
    }),
  },
  rollback: {
    FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING: (context) => ({
      outcome: 'conflict',
      what: `There is no upgrade of ${quote(context)} to roll back.`,
      meaning:
        'The deployment was never upgraded, or its last upgrade has ended. To undo an upgrade that has completed, upgrade with the previous compose file.',
      next: [suggestProgress(context)],
    }),
    FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION: (context) => ({
      outcome: 'conflict',
      what: `The upgrade of ${quote(context)} can no longer be rolled back.`,
      meaning:
        'The upgrade is rolling back already, or the cluster is removing the version that it replaced.',
      next: [suggestProgress(context)],
    }),
  },
  resume: {
    E_INVALIDARG: (context) => ({
      outcome: 'conflict',
      what: `The upgrade of ${quote(context)} cannot continue with this upgrade domain.`,
      meaning:
        'Another upgrade domain is in progress or comes first, or the upgrade does not wait for approval.',
      next: [suggestProgress(context)],
    }),
    FABRIC_E_APPLICATION_NOT_UPGRADING: (context) => ({
      outcome: 'conflict',
      what: `The upgrade of ${quote(context)} has no pending upgrade domain.`,
      meaning: 'All upgrade domains are done, or the upgrade has ended.',
      next: [suggestProgress(context)],
    }),
    FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED: (context) => ({
      outcome: 'conflict',
      what: `The upgrade of ${quote(context)} has completed this upgrade domain already.`,
      meaning: 'Another client may have resumed the upgrade.',
      next: [suggestProgress(context)],
    }),
  },
};

function quote({ deployment = '' }: WriteContext): string {
  return `"${deployment}"`;
}

function suggestProgress({ deployment = '', commandTarget }: WriteContext): NextStep {
  const command = `sfcompose upgrade-progress ${formatArgument(deployment, commandTarget.shells)}`;
  return { what: 'Show the state of the upgrade', command: addTarget(command, commandTarget) };
}

function suggestVersion(commandTarget: WriteContext['commandTarget']): NextStep {
  return {
    what: 'Show the version of the runtime',
    command: addTarget('sfcompose connection', commandTarget),
  };
}

/** A fault that the image builder found in the compose file. */
interface FileFault {
  /** `services.web.image`. */
  readonly path: string;
  readonly sentence: string;
  readonly line: number | undefined;
}

const maxFileFaults = 20;

/** Finds the faults in the image builder's message, each on a line of its own: `services.web - 'image' is required`. */
function findFileFaults({ error }: ResponseFault, { composeFile }: WriteContext): readonly FileFault[] {
  if (composeFile === undefined || error?.code !== 'FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR') return [];
  const lines = (error.message ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const faults = lines.map((line) => {
    const [, path = '', sentence = line.trim()] = /^\s*(\S+)\s+-\s+(.*\S)/.exec(line) ?? [];
    return { path, sentence, line: path ? composeFile.findLine(path) : undefined };
  });
  return faults.some(({ path }) => path !== '') ? faults : [];
}

function formatFileFaults(faults: readonly FileFault[], file: string): readonly string[] {
  const name = file === '-' ? 'stdin' : file;
  const left = faults.length - maxFileFaults;
  return [
    ...faults.slice(0, maxFileFaults).map(({ path, sentence, line }) => {
      const place = line === undefined ? name : `${name}:${line}`;
      return [place, path, sentence].filter(Boolean).join(': ');
    }),
    ...(left > 0 ? [`${formatCount(left, 'more fault')}.`] : []),
  ];
}
