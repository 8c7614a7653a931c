/** What each fault means to an operator, and what to do next. Pure. */

import { formatCertificate } from '../../config/credential-facts.ts';
import type { Explanation } from '../../platform/errors.ts';
import type { FaultContext } from './context.ts';
import type { Fault } from './fault.ts';
import { explainResponse } from './response.ts';
import { explainTransport } from './transport.ts';

/** @param request `GET http://…`, without secrets */
export function explainFault(fault: Fault, request: string, context: FaultContext): Explanation {
  const words = fault.kind === 'answer' ? explainResponse(fault, context) : explainTransport(fault, context);
  const tries = context.tries > 1 ? ` (${context.tries} tries)` : '';
  const own = { code: 'SFCOMPOSE_E_UNREACHABLE', ...words, what: `${words.what}${tries}`, request };
  if (fault.kind !== 'answer')
    return fault.certificate ? { ...own, certificate: formatCertificate(fault.certificate) } : own;
  const status = `${fault.status} ${fault.reason}`.trim();
  if (fault.error === undefined || fault.document === undefined) return { ...own, status };
  return { ...own, status, code: fault.error.code, message: fault.error.message, document: fault.document };
}
