'use strict';
/**
 * Runs sfcompose as a step of a pipeline, for `action.yml` and `azure/sfcompose.yml`. Inputs arrive in variables, so that
 * no shell reads them, and become arguments, files for certificates, or the variables that sfcompose reads. sfcompose runs
 * in this process: it gets the signals of the build agent, and its exit code is that of the step.
 */
const fs = require('node:fs');
const path = require('node:path');

const { env } = process;
// The folder that the agent empties after the job: of GitHub Actions, and of Azure Pipelines.
const temporaryFolder = env['RUNNER_TEMP'] || env['AGENT_TEMPDIRECTORY'];

/** Inputs that become options, if they are given. */
const optionInputs = ['max-wait', 'expect-version', 'report', 'registry-user'];

/** Inputs that become variables of sfcompose, if they are given. Otherwise the variables of the job apply. */
const variableInputs = {
  endpoint: 'SFCOMPOSE_ENDPOINT',
  'server-thumbprint': 'SFCOMPOSE_SERVER_THUMBPRINT',
};

/** Inputs that become variables and are masked in the log. */
const secretInputs = {
  passphrase: 'SFCOMPOSE_PASSPHRASE',
  token: 'SFCOMPOSE_TOKEN',
  'registry-password': 'SFCOMPOSE_REGISTRY_PASSWORD',
};

/** Inputs whose value becomes a file, and the variables for its path. */
const fileInputs = { ca: 'SFCOMPOSE_CA_FILE' };

/** Inputs whose value becomes a file and is masked. */
const secretFileInputs = {
  'client-certificate': 'SFCOMPOSE_CERT_FILE',
  'client-pfx': 'SFCOMPOSE_PFX_FILE',
};

/**
 * Takes an input out of the environment, where programs that sfcompose starts could read it.
 * @param {string} name
 * @returns `undefined` if it is blank, as an expression without a value is
 */
function takeInput(name) {
  // Not INPUT_…, which the tasks of Azure Pipelines take for their own inputs and remove.
  const variable = `SFCOMPOSE_INPUT_${name.toUpperCase().replace(/-/g, '_')}`;
  const value = env[variable];
  delete env[variable];
  return value === undefined || value.trim() === '' ? undefined : value;
}

/**
 * Calls a function with each of these inputs that is given.
 * @param {Readonly<Record<string, string>>} inputs
 * @param {(value: string, variable: string, name: string) => void} use
 */
function useInputs(inputs, use) {
  for (const [name, variable] of Object.entries(inputs)) {
    const value = takeInput(name);
    if (value !== undefined) use(value, variable, name);
  }
}

/** @param {string} text */
function splitLines(text) {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * Hides secrets in the log.
 * @param {readonly string[]} secrets without line ends
 */
function mask(secrets) {
  for (const secret of secrets) {
    const command = env['TF_BUILD']
      ? `##vso[task.setsecret]${secret.replace(/%/g, '%AZP25')}`
      : `::add-mask::${secret.replace(/%/g, '%25')}`;
    process.stderr.write(`${command}\n`);
  }
}

/**
 * Splits PEM or base64 into the parts that no line end divides, whatever a pipeline made of those. Short parts are left
 * out, because they could be anything.
 * @param {string} text
 */
function splitEncoded(text) {
  return text.split(/-----[A-Z ]+-----|\s+|\\n/).filter((part) => part.length >= 16);
}

/** Creates the folder for certificates, which is removed when this process ends. */
function createPrivateFolder() {
  if (!temporaryFolder) throw new Error('RUNNER_TEMP or AGENT_TEMPDIRECTORY must name a folder.');
  const parent = path.join(temporaryFolder, 'sfcompose');
  fs.mkdirSync(parent, { recursive: true });
  const folder = fs.mkdtempSync(path.join(parent, 'credentials-'));
  process.on('exit', () => {
    try {
      fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      // The last step of the pipeline removes the folder as well, and fails if it cannot.
    }
  });
  return folder;
}

/**
 * Reads the inputs into the environment and files.
 * @returns the arguments of sfcompose
 * @throws an error that names the input that is wrong
 */
function prepare() {
  useInputs(variableInputs, (value, variable) => {
    env[variable] = value;
  });
  useInputs(secretInputs, (value, variable) => {
    mask(splitLines(value));
    env[variable] = value;
  });
  /** @type {string | undefined} */
  let folder;
  /** @type {(value: string, variable: string, name: string) => void} */
  const writeFile = (value, variable, name) => {
    const [undefinedVariable] = /^\$\([\w.-]+\)$/.exec(value.trim()) || [];
    if (undefinedVariable)
      throw new Error(`The input ${name} is ${undefinedVariable}, a variable that is not defined.`);
    folder = folder || createPrivateFolder();
    const file = path.join(folder, name);
    fs.writeFileSync(file, value, { mode: 0o600, flag: 'wx' });
    env[variable] = file;
  };
  useInputs(fileInputs, writeFile);
  useInputs(secretFileInputs, (value, variable, name) => {
    mask(splitEncoded(value));
    writeFile(value, variable, name);
  });
  const deployments = (takeInput('deployments') || '').split(/\s+/).filter((name) => name !== '');
  const composeFile = takeInput('compose-file');
  const options = optionInputs.map((name) => ({ name, value: takeInput(name) }));
  const further = splitLines(takeInput('options') || '');
  if (deployments.length === 0) throw new Error('The input deployments is empty.');
  if (composeFile !== undefined && deployments.length > 1)
    throw new Error(`With compose-file, deployments must name one deployment, not ${deployments.length}.`);
  return [
    ...(composeFile === undefined ? ['watch'] : ['upgrade', `--file=${composeFile}`, '--watch']),
    ...options.flatMap(({ name, value }) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...further,
    '--',
    ...deployments,
  ];
}

/** Prints an error, and ends the step as wrong options do. @param {unknown} error */
function reject(error) {
  process.stderr.write(`sfcompose: ${error instanceof Error ? error.message : error}\n`);
  process.exit(2);
}

try {
  process.argv.splice(2, Infinity, ...prepare());
} catch (error) {
  reject(error);
}
require('./sfcompose.js');
