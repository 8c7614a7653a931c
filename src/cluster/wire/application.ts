/** Parses an application, and its health. */
import * as v from 'valibot';
import { type HealthState, healthStates } from '../../upgrade/enums.ts';
import type { ApplicationType } from '../../upgrade/model.ts';
import { enumeration, isObject, requiredName } from './schema.ts';

const applicationSchema = v.object({ TypeName: requiredName, TypeVersion: requiredName });

/** Parses the type and version of an application; `undefined` for any other document. */
export function parseApplicationType(value: unknown): ApplicationType | undefined {
  const result = v.safeParse(applicationSchema, value);
  if (!result.success) return undefined;
  const { TypeName, TypeVersion } = result.output;
  return TypeName && TypeVersion ? { name: TypeName, version: TypeVersion } : undefined;
}

const healthSchema = v.object({ AggregatedHealthState: enumeration(healthStates) });

/** Parses the health of an application; `undefined` for any other document. */
export function parseApplicationHealth(
  value: unknown,
): { readonly state: HealthState | undefined } | undefined {
  return isObject(value) ? { state: v.parse(healthSchema, value).AggregatedHealthState } : undefined;
}
