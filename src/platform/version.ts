import packageJson from '../../package.json' with { type: 'json' };

/** Of this package; from package.json, so that it is written once. */
export const { version } = packageJson;
