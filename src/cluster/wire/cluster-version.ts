/** What `GET /$/GetClusterVersion` answers: `{"Version": "6.4.617.9590"}`. */
import * as v from 'valibot';
import { requiredName } from './schema.ts';

const versionSchema = v.object({ Version: requiredName });

export function readClusterVersion(value: unknown): string | undefined {
  const result = v.safeParse(versionSchema, value);
  return result.success ? result.output.Version : undefined;
}
