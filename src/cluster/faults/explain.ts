/** Explains a fault to an operator. Pure. */
import { formatCertificate } from '../../config/credential-facts.ts';
import type { Explanation } from '../../platform/errors.ts';
import type { Fault } from './fault.ts';
import type { FaultContext } from './fault-context.ts';
import { explainResponse } from './response.ts';
import { explainTransport } from './transport.ts';

/**
 * Explains what happened, the likely cause, and what to do next.
 * @param request `GET http://…`, without secrets
 */
export function explainFault(fault: Fault, request: string, context: FaultContext): Explanation {
  const specific =
    fault.kind === 'answer' ? explainResponse(fault, context) : explainTransport(fault, context);
  const tries = context.tries > 1 ? ` (${context.tries} tries)` : '';
  const explanation = {
    code: 'SFCOMPOSE_E_UNREACHABLE',
    ...specific,
    what: `${specific.what}${tries}`,
    request,
  };
  if (fault.kind !== 'answer')
    return fault.certificate
      ? { ...explanation, certificate: formatCertificate(fault.certificate) }
      : explanation;
  const status = `${fault.status} ${fault.reason}`.trim();
  if (fault.error === undefined || fault.document === undefined) return { ...explanation, status };
  const { code, message } = fault.error;
  return { ...explanation, status, code, ...(message && { message }), document: fault.document };
}
