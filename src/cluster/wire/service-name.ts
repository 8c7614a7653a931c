/** What `GET /Partitions/{id}/$/GetServiceName` answers: `{"Id": "web~web", "Name": "fabric:/web/web"}`. */
import * as v from 'valibot';
import { requiredName } from './schema.ts';

const serviceNameSchema = v.object({ Name: requiredName });

/** @returns `undefined` for what names no service */
export function readServiceName(value: unknown): string | undefined {
  const result = v.safeParse(serviceNameSchema, value);
  return result.success && result.output.Name !== '' ? result.output.Name : undefined;
}
