/** Finds the allowed value that is nearest to an invalid one. */
import { suggestEndpoints } from '../../config/endpoint.ts';
import type { OptionalSetting } from '../../config/setting.ts';
import { endpointSetting } from '../../config/settings.ts';
import { findSimilar } from '../../platform/similar-names.ts';

/** Values from other tools, by option. */
const synonyms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '--color': {
    yes: 'always',
    true: 'always',
    on: 'always',
    force: 'always',
    no: 'never',
    false: 'never',
    off: 'never',
    none: 'never',
  },
  '--output': { text: 'plain', human: 'table', jsonl: 'ndjson', jsonlines: 'ndjson', csv: 'tsv' },
  '--ci': { actions: 'github', 'azure-devops': 'azure', devops: 'azure', off: 'none', never: 'none' },
};

/** Finds the nearest value that a setting takes, if there is one. */
export function suggestValue(setting: OptionalSetting<unknown>, text: string): string | undefined {
  const typed = text.trim().toLowerCase();
  if (typed === '') return undefined;
  if (setting.choices)
    return synonyms[setting.flag]?.[typed] ?? findSimilar(typed, Object.keys(setting.choices))[0];
  if (setting.flag === endpointSetting.flag) return suggestEndpoints(text).join(', or ') || undefined;
  const candidates = [...(formatDurationText(typed) ?? []), typed];
  return (
    candidates.find((candidate) => setting.parse(candidate) !== undefined) ??
    candidates.map((candidate) => setting.findNearest?.(candidate)).find((nearest) => nearest !== undefined)
  );
}

/** Units of time by their first letters, in milliseconds. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|milli)/, 1],
  [/^m/, 60_000],
  [/^s/, 1000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
];

/** Rewrites `1 hour`, `1.5h`, `10min` and `PT5M` as durations, such as `1h30m`. */
function formatDurationText(text: string): readonly string[] | undefined {
  const parts = [
    ...text
      .toLowerCase()
      .replace(/^pt/, '')
      .matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-z]+)/gy),
  ];
  if (parts.length === 0) return undefined;
  const milliseconds = parts.reduce((sum, [, amount = '', word = '']) => {
    const unit = units.find(([pattern]) => pattern.test(word))?.[1] ?? Number.NaN;
    return sum + Number(amount) * unit;
  }, 0);
  if (!Number.isInteger(milliseconds)) return undefined;
  const amounts: readonly (readonly [number, string])[] = [
    [Math.floor(milliseconds / 3_600_000), 'h'],
    [Math.floor(milliseconds / 60_000) % 60, 'm'],
    [Math.floor(milliseconds / 1000) % 60, 's'],
    [milliseconds % 1000, 'ms'],
  ];
  return [amounts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join('')];
}
