/** Explains requests that the cluster refused, or that were never sent. Nothing was started then. Pure. */
import type { ComposeFile } from '../../config/compose-file.ts';
import { addTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';
import { endSentence, formatArgument } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { explainFault } from './explain.ts';
import type { Fault, ResponseFault } from './fault.ts';
import type { FaultContext } from './fault-context.ts';
import { describeIdentity } from './forbidden.ts';

/** A request that changes something, for its explanation. */
export interface WriteContext extends FaultContext {
  readonly write: 'upgrade' | 'rollback' | 'resume';
  /** The file of an upgrade. */
  readonly composeFile: Pick<ComposeFile, 'path' | 'findLine'> | undefined;
}

interface Refusal extends Pick<Explanation, 'what' | 'evidence' | 'meaning' | 'next' | 'location'> {
  readonly outcome: Outcome;
}

type Explain = (context: WriteContext, fault: ResponseFault) => Refusal;

/** Explains a request that was refused or not sent. @param request `POST http://…`, without secrets */
export function explainRefusal(fault: Fault, request: string, context: WriteContext): Explanation {
  const general = explainFault(fault, request, context);
  const specific = fault.kind === 'response' ? findExplanation(fault, context) : undefined;
  const explanation = { ...general, ...specific };
  // The text of the image builder is in the evidence, with lines of the file.
  const isTold = explanation.evidence !== undefined && explanation.location !== undefined;
  return {
    ...explanation,
    ...(isTold && { message: undefined }),
    what: `${explanation.what} Nothing was started.`,
  };
}

function findExplanation(fault: ResponseFault, context: WriteContext): Refusal | undefined {
  const code = fault.error?.code ?? '';
  const own = byCommand[context.write][code];
  if (own) return own(context, fault);
  if (code.startsWith('FABRIC_E_IMAGEBUILDER_')) return explainImageBuilder(context, fault);
  if (code === 'E_ACCESSDENIED')
    return {
      outcome: 'unauthorized',
      what: `Access denied: no permission to ${verbs[context.write]}.`,
      evidence: describeIdentity(fault.identity, context),
      meaning: 'The certificate or user needs the Admin role for this; the role User can only read.',
      next: [{ what: 'Use credentials with the Admin role, or ask the cluster administrator for it.' }],
    };
  if (code === 'SerializationError')
    return {
      outcome: 'invalid',
      what: 'The gateway could not read the request.',
      meaning:
        'The compose file is empty for the gateway, or this version of the runtime expects another form.',
      next: [{ what: 'Check the compose file, and report the request id if the file is right.' }],
    };
  if (fault.status === 413)
    return {
      outcome: 'invalid',
      what: 'The request is too large for the gateway.',
      next: [{ what: 'Make the compose file smaller: the gateway takes about 3 MiB.' }],
    };
  return undefined;
}

const verbs: Readonly<Record<WriteContext['write'], string>> = {
  upgrade: 'start upgrades',
  rollback: 'roll back upgrades',
  resume: 'approve upgrade domains',
};

function suggestStatus({ deployment = '', commandTarget }: WriteContext): readonly NextStep[] {
  const command = addTarget(`sfcompose status ${formatArgument(deployment)}`, commandTarget);
  return [{ what: 'Show the upgrade', command }];
}

function conflict(what: (deployment: string) => string): Explain {
  return (context) => ({
    outcome: 'conflict',
    what: what(context.deployment ?? ''),
    evidence: [],
    next: suggestStatus(context),
  });
}

/** Explanations by command and by the gateway's error code. */
const byCommand: Readonly<Record<WriteContext['write'], Readonly<Record<string, Explain>>>> = {
  upgrade: {
    E_INVALIDARG: ({ endpoint }) => ({
      outcome: 'invalid',
      what: 'The cluster rejected the upgrade as invalid.',
      meaning:
        'A value of the compose file or of the policy is out of range, or the endpoint has a wrong base path.',
      next: [{ what: `Check the compose file, the options and the endpoint (-e): ${endpoint}` }],
    }),
  },
  rollback: {
    FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING: conflict(
      (deployment) => `No upgrade of ${deployment} is under way, so there is nothing to roll back.`,
    ),
    FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION: conflict(
      (deployment) =>
        `The upgrade of ${deployment} can no longer be rolled back: it is rolling back already, or the cluster is removing a version.`,
    ),
  },
  resume: {
    E_INVALIDARG: conflict(
      (deployment) => `The upgrade of ${deployment} does not wait for approval of this domain any more.`,
    ),
    FABRIC_E_APPLICATION_NOT_UPGRADING: conflict(
      (deployment) => `No upgrade domain of ${deployment} is left to approve.`,
    ),
    FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED: conflict(
      (deployment) => `This upgrade domain of ${deployment} is complete already.`,
    ),
  },
};

/** Problems of the file that are listed. */
const maxProblems = 20;

/** Explains an error of the image builder, whose message has a path into the file, a dash and a sentence a line. */
function explainImageBuilder({ composeFile }: WriteContext, { error }: ResponseFault): Refusal {
  const { code = '', message = '' } = error ?? {};
  if (code === 'FABRIC_E_IMAGEBUILDER_TIMEOUT')
    return {
      outcome: 'invalid',
      what: 'The cluster did not check the compose file in time.',
      meaning: 'The image builder or the image store of the cluster is slow.',
      next: [{ what: 'Run the command again, with a longer --timeout (up to 5m).' }],
    };
  const file = composeFile?.path === '-' ? 'stdin' : (composeFile?.path ?? 'the compose file');
  const problems = message
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, maxProblems)
    .map((line) => {
      const [, path = ''] = /^(\S+) - /.exec(line) ?? [];
      return { text: line, line: path === '' ? undefined : composeFile?.findLine(path) };
    });
  const first = problems.find(({ line }) => line !== undefined)?.line;
  return {
    outcome: 'invalid',
    what: 'The cluster refused the compose file.',
    evidence: problems.map(({ text, line }) =>
      line === undefined ? endSentence(text) : `${file}:${line} ${endSentence(text)}`,
    ),
    ...(problems.length === 0 && {
      meaning:
        'The image builder gave no reason: the file may use something that Service Fabric does not support.',
    }),
    next: [{ what: 'Correct the file, and run the command again.' }],
    location: first === undefined || file === 'stdin' ? undefined : { file, line: first },
  };
}
