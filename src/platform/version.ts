import packageJson from '../../package.json' with { type: 'json' };

/** Package version, taken from package.json at build time. */
export const { version } = packageJson;
