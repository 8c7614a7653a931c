/** Documents the libraries in the build: licence texts, which the licences require, and a bill of materials. */
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { env } from 'node:process';

/** @import { OutputBundle, Plugin } from 'rolldown' */

/**
 * A library in the build.
 * @typedef {object} Library
 * @property {string} place key in the lockfile, such as `node_modules/axios`
 * @property {string} title name, version and licence
 * @property {string} licence licence text and further notices
 */

/**
 * The parts of an SPDX 2.3 document that are used here.
 * @typedef {object} Bill
 * @property {string} SPDXID
 * @property {string} name
 * @property {string} documentNamespace
 * @property {[string]} documentDescribes
 * @property {{ created: string }} creationInfo
 * @property {{ SPDXID: string, packageFileName: string }[]} packages
 */

/**
 * Emits `THIRD-PARTY-NOTICES.txt` and `sbom.spdx.json`.
 * @returns {Plugin}
 */
export function describeLibraries() {
  return {
    name: 'describe-libraries',
    generateBundle(_, bundle) {
      const libraries = findLibraries(bundle);
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: writeNotices(libraries) });
      this.emitFile({ type: 'asset', fileName: 'sbom.spdx.json', source: writeBill(libraries) });
    },
  };
}

/**
 * @param {OutputBundle} bundle
 * @returns {Library[]}
 */
function findLibraries(bundle) {
  const files = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const folders = new Set(files.map(findFolder).filter((folder) => folder !== undefined));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const licenceFiles = readdirSync(folder).filter((file) => /^(?:licen[sc]e|notice|copying)/i.test(file));
    if (licenceFiles.length === 0) throw new Error(`${name} has no licence text.`);
    const licence = licenceFiles.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    const sources = files.filter((file) => findFolder(file) === folder).sort();
    return {
      place: relative(process.cwd(), folder).replaceAll('\\', '/'),
      title: `${name} ${version} (${license})`,
      licence: [licence, ...findNotices(sources, licence)].join('\n\n'),
    };
  });
}

/**
 * Finds the folder of the library that a file belongs to.
 * @param {string} file
 */
function findFolder(file) {
  return /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

/**
 * Finds copyright notices in source comments that are missing from the licence.
 * @param {string[]} sources
 * @param {string} licence
 */
function findNotices(sources, licence) {
  const comments = sources.flatMap((file) => findComments(readFileSync(file, 'utf8')));
  const notices = comments.flatMap((comment) => {
    const claims = comment
      .split('\n')
      .filter((line) => copyright.test(line) && !licence.includes(line.trim()));
    if (claims.length === 0) return [];
    // A comment without licence terms is mostly about the code, so only its notices are kept.
    return /permi|licen[sc]e|redistribut/i.test(comment) ? [comment] : claims.map((claim) => claim.trim());
  });
  return [...new Set(notices)];
}

const copyright = /copyright (?:\(c\)|©|\d{4}|\w.*\d{4})/i;

/**
 * Finds the text of each comment that begins a line. Successive lines of `//` are one comment.
 * @param {string} code
 */
function findComments(code) {
  const comments =
    code.replaceAll('\r', '').match(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*(?:\n[ \t]*\/\/.*)*)/gm) ?? [];
  return comments.map((comment) =>
    comment
      .replace(/^[ \t]*(?:\/\*+|\*+\/|\*|\/\/) ?/gm, '')
      .replace(/\*+\/$/, '')
      .trim(),
  );
}

const introduction =
  'sfcompose contains code of these libraries, unmodified except for omitted parts. Their sources are in the npm registry.';

/** @param {Library[]} libraries */
function writeNotices(libraries) {
  const parts = libraries.map(({ title, licence }) => `${title}\n\n${licence}`);
  return `${[introduction, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/**
 * Reduces npm's bill of materials to the libraries in the build. The same build always has the same bill.
 * @param {Library[]} libraries
 */
function writeBill(libraries) {
  /** @type {Bill} */
  const { documentNamespace: _, ...lockfileBill } = JSON.parse(
    execSync('npm sbom --sbom-format=spdx --package-lock-only', { encoding: 'utf8' }),
  );
  const [own] = lockfileBill.documentDescribes;
  const places = libraries.map(({ place }) => place);
  const packages = lockfileBill.packages.filter(
    ({ SPDXID, packageFileName }) => SPDXID === own || places.includes(packageFileName),
  );
  const contained = packages.map(({ SPDXID }) => SPDXID).filter((id) => id !== own);
  if (contained.length !== places.length)
    throw new Error('The build contains libraries that are missing from package-lock.json.');
  const relationships = [
    { spdxElementId: lockfileBill.SPDXID, relatedSpdxElement: own, relationshipType: 'DESCRIBES' },
    ...contained.map((id) => ({
      spdxElementId: own,
      relatedSpdxElement: id,
      relationshipType: 'CONTAINS',
    })),
  ];
  const created = new Date(Number(env['SOURCE_DATE_EPOCH'] ?? 0) * 1000).toISOString();
  const creationInfo = { ...lockfileBill.creationInfo, created: created.replace('.000', '') };
  const document = { ...lockfileBill, creationInfo, packages, relationships };
  return nameBill(document);
}

/**
 * Ends a bill of materials with a namespace made from its content. npm's ends with a random UUID.
 * @param {object & { name: string }} bill without namespace
 * @returns the JSON text
 */
export function nameBill(bill) {
  const hash = createHash('sha256').update(JSON.stringify(bill)).digest('hex');
  const documentNamespace = `http://spdx.org/spdxdocs/${bill.name.replace('@', '-')}-${hash}`;
  return `${JSON.stringify({ ...bill, documentNamespace }, undefined, 2)}\n`;
}
