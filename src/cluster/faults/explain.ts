/** What each fault means to an operator, and what to do next. Pure. */

import { certificateLines } from '../../config/credential-facts.ts';
import type { Explanation } from '../../platform/errors.ts';
import type { Asked } from './context.ts';
import type { Fault } from './fault.ts';
import { answerWords } from './response.ts';
import { wayWords } from './transport.ts';

/** @param request `GET http://…`, without secrets */
export function explain(fault: Fault, request: string, asked: Asked): Explanation {
  const words = fault.kind === 'answer' ? answerWords(fault, asked) : wayWords(fault, asked);
  const tries = asked.tries > 1 ? ` (${asked.tries} tries)` : '';
  const own = { code: 'SFCOMPOSE_E_UNREACHABLE', ...words, what: `${words.what}${tries}`, request };
  if (fault.kind !== 'answer')
    return fault.certificate ? { ...own, certificate: certificateLines(fault.certificate) } : own;
  const status = `${fault.status} ${fault.reason}`.trim();
  if (fault.error === undefined || fault.document === undefined) return { ...own, status };
  return { ...own, status, code: fault.error.code, message: fault.error.message, document: fault.document };
}
