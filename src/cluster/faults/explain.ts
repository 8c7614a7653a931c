/** Explains a fault to an operator. Pure. */
import { formatCertificate } from '../../config/credential-facts.ts';
import type { Explanation } from '../../platform/errors.ts';
import type { Fault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { suggestGatewayPort } from './next-steps.ts';
import { explainResponse } from './response.ts';
import { explainTransport } from './transport.ts';
import { addDetail } from './wording.ts';

/**
 * Explains what happened, the likely cause, and what to do next.
 * @param request `GET http://…`, without secrets
 */
export function explainFault(fault: Fault, request: string, context: FaultContext): Explanation {
  const specific =
    fault.kind === 'response' ? explainResponse(fault, context) : explainTransport(fault, context);
  return completeExplanation(specific, fault, request, context);
}

/** Adds what the explanations of all faults have in common. @param request `GET http://…`, without secrets */
export function completeExplanation(
  specific: FaultExplanation,
  fault: Fault,
  request: string,
  context: FaultContext,
): Explanation {
  const { tries } = context;
  const what = tries > 1 ? addDetail(specific.what, `${tries} attempts`) : specific.what;
  const explanation = {
    code: 'SFCOMPOSE_E_UNREACHABLE',
    ...specific,
    what,
    next: isOfGateway(fault)
      ? (specific.next ?? [])
      : suggestGatewayPort(context.endpoint, specific.next ?? []),
    request,
  };
  if (fault.kind !== 'response')
    return fault.certificate
      ? { ...explanation, certificate: formatCertificate(fault.certificate) }
      : explanation;
  const status = `${fault.status} ${fault.reason}`.trim();
  if (fault.error === undefined || fault.document === undefined) return { ...explanation, status };
  const { code, message } = fault.error;
  return { ...explanation, status, code, ...(message && { message }), document: fault.document };
}

/** Whether a gateway has responded, so that the port is right. */
function isOfGateway(fault: Fault): boolean {
  return fault.kind === 'response' && (fault.error !== undefined || fault.identity !== undefined);
}
