/** Identifiers that differ from node to node. */
import { describe, expect, it } from 'vitest';
import {
  maskDifferences,
  maskIdentifiers,
  trimProperty,
} from '../../../../src/upgrade/health/identifiers.ts';

const guid = 'c0ffee00-1234-4abc-8def-0123456789ab';
const other = 'c0ffee01-1234-4abc-8def-0123456789ab';

describe('identifiers', () => {
  it.each([
    { text: `Container sf-7-${guid}_${other} died`, masked: 'Container … died' },
    { text: `Partition '${guid}' and {${other}}`, masked: "Partition '…' and …" },
    { text: 'instance 133860000000001000 of 3', masked: 'instance … of 3' },
    { text: 'container 4f1b2c3d4e5f exited', masked: 'container … exited' },
    { text: `image sha256:${'a1'.repeat(32)}`, masked: 'image sha256:…' },
    { text: 'at 2026-11-24 07:10:01.007 from 10.0.0.4:50123', masked: 'at … from …' },
    { text: 'on 7/14/2026 4:54:51 PM', masked: 'on …' },
    { text: 'pid: 4711, process id 12', masked: 'pid: …, process id …' },
    { text: 'failed 12 times', masked: 'failed … times' },
    {
      text: 'exit code:3221225794, port 19080, deadbeef, v12',
      masked: 'exit code:3221225794, port 19080, deadbeef, v12',
    },
  ])('are masked in "$text"', ({ text, masked }) => {
    expect(maskIdentifiers(text)).toBe(masked);
  });

  it('stay where all texts have the same', () => {
    expect(maskDifferences([`${guid} of ${guid}`, `${guid} of ${other}`])).toBe(`${guid} of …`);
    expect(maskDifferences([`${guid} of ${guid}`, `${guid} of ${guid}`])).toBe(`${guid} of ${guid}`);
  });

  it.each([
    {
      property: 'CodePackageActivation:web.Code:EntryPoint:133860000000001000',
      trimmed: 'CodePackageActivation:web.Code:EntryPoint',
    },
    { property: `Download:1.0:1.0:${guid}`, trimmed: 'Download:1.0:1.0' },
    {
      property: `ServiceReplicaUnplacedHealth_Secondary_${guid}`,
      trimmed: 'ServiceReplicaUnplacedHealth_Secondary',
    },
    { property: 'ReplicaOpenStatus', trimmed: 'ReplicaOpenStatus' },
    { property: guid, trimmed: '…' },
    { property: '', trimmed: '' },
  ])('are cut off the property "$property"', ({ property, trimmed }) => {
    expect(trimProperty(property)).toBe(trimmed);
  });
});
