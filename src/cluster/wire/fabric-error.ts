/** Parses the body of an unsuccessful response: `{"Error": {"Code": "...", "Message": "..."}}`. */
import * as v from 'valibot';
import type { FabricError } from '../faults/fault.ts';
import { requiredName, text } from './schema.ts';

const fabricErrorSchema = v.object({
  // Any string: a FABRIC_E_ or E_ name, an internal name of the runtime, or a number in hex.
  Error: v.object({ Code: requiredName, Message: text }),
});

/** Parses the error; `undefined` for any other document. */
export function parseFabricError(value: unknown): FabricError | undefined {
  const result = v.safeParse(fabricErrorSchema, value);
  if (!result.success) return undefined;
  const { Code, Message } = result.output.Error;
  return { code: Code, message: Message === 'Null' ? undefined : Message };
}
