/** Numbers and durations of options: their bounds, the examples in their errors, and the nearest allowed values. */
import { describe, expect, it } from 'vitest';
import {
  domainsSetting,
  nodesSetting,
  portSetting,
  speedSetting,
} from '../../../src/cli/commands/simulate-settings.ts';
import { suggestValue } from '../../../src/cli/usage/suggest-value.ts';
import type { Setting } from '../../../src/config/setting.ts';
import {
  heartbeatSetting,
  intervalSetting,
  listMaxWaitSetting,
  maxWaitSetting,
  retriesSetting,
  stallAfterSetting,
  timeoutSetting,
} from '../../../src/config/settings.ts';

interface Bounds {
  readonly setting: Setting<number>;
  readonly min: string;
  readonly below: string;
  readonly max?: string;
  readonly above?: string;
}

const durations: readonly Bounds[] = [
  { setting: intervalSetting, min: '200ms', below: '199ms' },
  { setting: maxWaitSetting, min: '1s', below: '999ms' },
  { setting: listMaxWaitSetting, min: '1s', below: '0' },
  { setting: heartbeatSetting, min: '1s', below: '800ms' },
  { setting: stallAfterSetting, min: '1s', below: '0s' },
];

const numbers: readonly Bounds[] = [
  { setting: timeoutSetting, min: '1', below: '0', max: '4294967295', above: '4294967296' },
  { setting: retriesSetting, min: '0', below: '-1', max: '1000', above: '1001' },
  { setting: portSetting, min: '0', below: '-80', max: '65535', above: '65536' },
  { setting: speedSetting, min: '0.1', below: '0.05', max: '10000', above: '20000' },
  { setting: domainsSetting, min: '1', below: '0', max: '100', above: '101' },
  { setting: nodesSetting, min: '2', below: '1', max: '1000', above: '9999999999' },
];

const all = [...durations, ...numbers].map((bounds) => ({ ...bounds, flag: bounds.setting.flag }));

/** Finds the examples in what is allowed: `90s`, `1h30m`, and numbers. */
function listExamples({ allowed, defaultValue }: Setting<number>): readonly string[] {
  const isValue = /^\d/.test(defaultValue);
  return [...(allowed.match(/\b\d[\w.]*\b/g) ?? []), ...(isValue ? [defaultValue] : [])];
}

describe('the value of a number or duration', () => {
  it.each(all)('may be each example of its own error: $flag', ({ setting }) => {
    const examples = listExamples(setting);
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect([example, setting.parse(example)]).not.toContain(undefined);
  });

  it.each(all)('has the nearest bound as a suggestion: $flag', ({ setting, min, below, max, above }) => {
    expect(setting.parse(min)).toBeDefined();
    expect(setting.parse(below)).toBeUndefined();
    expect(suggestValue(setting, below)).toBe(min);
    if (max === undefined || above === undefined) return;
    expect(setting.parse(max)).toBeDefined();
    expect(setting.parse(above)).toBeUndefined();
    expect(suggestValue(setting, above)).toBe(max);
  });

  it.each([
    [timeoutSetting, '2.5s', '3s'],
    [timeoutSetting, '1500ms', '2s'],
    [heartbeatSetting, '0.25 s', '1s'],
    [retriesSetting, '2.6', '3'],
  ])('is rounded to what is allowed', (setting, text, nearest) => {
    expect(suggestValue(setting, text)).toBe(nearest);
    expect(setting.parse(nearest)).toBeDefined();
  });

  it.each(['never', '1e3', '--', '0x10', 'NaN'])('has no suggestion for %s', (text) => {
    for (const { setting } of all) expect(suggestValue(setting, text)).toBeUndefined();
  });

  it('may be weeks in seconds', () => {
    expect(maxWaitSetting.parse('1209600')).toBe(1_209_600_000);
  });
});
