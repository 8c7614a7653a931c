/** Environment variables, for help, the manual page and the reference. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { SettingOption } from '../setting-option.ts';

/** A variable, or several with one meaning, and its description. */
export type VariableEntry = readonly [names: string, meaning: string];

/** Environment variables that belong to no option. */
export const otherVariables: readonly VariableEntry[] = [
  ['NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE', 'Turn color off or on, unless --color is given.'],
  ['TERM', 'With dumb, use ASCII and draw nothing in place.'],
  ['LC_ALL, LC_CTYPE, LANG', 'Use ASCII unless the first of these that is set names UTF-8.'],
  ['http_proxy, https_proxy, all_proxy, no_proxy', 'Use a proxy, as curl does; also in upper case.'],
  ['NODE_EXTRA_CA_CERTS', "Trust these authorities in addition to Node's own."],
  ['SFCTL_CONFIG_DIR', "The folder of sfctl's configuration. SFCTL_SERVICEFABRIC_... are read as well."],
  ['XDG_CONFIG_HOME, APPDATA', 'The folder for the stored clusters; APPDATA on Windows.'],
  ['HOME, XDG_CACHE_HOME', "Locate sfctl's configuration and the cache of compiled code."],
  ['NODE_DISABLE_COMPILE_CACHE', 'Set to 1 to turn the cache of compiled code off.'],
  ['MSYSTEM, SHELL, PSModulePath, PROMPT', 'Tell which shell is in use, so that printed commands fit it.'],
  ['GITHUB_OUTPUT, GITHUB_STEP_SUMMARY', 'The files for the outputs and the summary of a GitHub step.'],
];

/** Lists the variables that stand for options, with the option that each stands for. */
export function listOptionVariables(commands: readonly CommandUnknownOpts[]): readonly VariableEntry[] {
  const found = new Map<string, string>();
  for (const option of commands.flatMap(({ options }) => options)) {
    if (!(option instanceof SettingOption)) continue;
    for (const [variable] of (option.facts.variable ?? '').matchAll(/\bSFCOMPOSE_\w+/g)) {
      const isValue = option.setting.variable === variable;
      found.set(
        variable,
        isValue ? `Same as ${option.long}.` : `The content of the file that ${option.long} names.`,
      );
    }
  }
  return [...found];
}
