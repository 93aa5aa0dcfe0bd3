// The real cdk8s answers: reads cases as JSON from standard input, writes what cdk8s makes of each as JSON.
const fs = require('fs');
const os = require('os');
const path = require('path');
const cdk8s = require('cdk8s');
const { Construct } = require('constructs');

function alive(value) {
  if (Array.isArray(value)) return value.map(alive);
  if (value === null || typeof value !== 'object') return value;
  if ('$lazy' in value) return cdk8s.Lazy.any({ produce: () => alive(value.$lazy) });
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, alive(item)]));
}

// What jsii makes of a value on its way from Python: None in a mapping is no value.
function crossed(value) {
  if (Array.isArray(value)) return value.map(crossed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, crossed(item)]));
}

function patch({ op, path, from, value }) {
  if (op === 'copy' || op === 'move') return cdk8s.JsonPatch[op](from, path);
  return op === 'remove' ? cdk8s.JsonPatch.remove(path) : cdk8s.JsonPatch[op](path, crossed(value));
}

function grow(scope, { type, id, options, children, patches }, grown) {
  let construct;
  if (type === 'chart') construct = new cdk8s.Chart(scope, id, options);
  else if (type === 'object') construct = new cdk8s.ApiObject(scope, id, alive(options));
  else construct = new Construct(scope, id);
  grown.push(construct);
  for (const child of children ?? []) grow(construct, child, grown);
  if (patches) construct.addJsonPatch(...patches.map(patch));
}

function files(folder, prefix = '') {
  const out = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(out, { [`${prefix}${entry.name}/`]: null }, files(file, `${prefix}${entry.name}/`));
    else out[prefix + entry.name] = fs.readFileSync(file, 'utf8');
  }
  return out;
}

function tree({ options, children, dependencies, resolve }) {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'reference-'));
  try {
    const layout = cdk8s.YamlOutputType[options.layout ?? 'FILE_PER_CHART'];
    const app = new cdk8s.App({ ...options, outdir, yamlOutputType: layout });
    const grown = [];
    for (const child of children) grow(app, child, grown);
    for (const [source, target] of dependencies ?? []) grown[source].node.addDependency(grown[target]);
    app.synth();
    return { files: files(outdir), paths: grown.map((one) => one.node.path), names: grown.map((one) => one.name ?? null), addrs: grown.map((one) => one.node.addr), text: app.synthYaml() };
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

function named({ ids, method, options }) {
  let construct = new cdk8s.App();
  for (const id of ids) construct = new Construct(construct, id);
  return cdk8s.Names[method](construct, options);
}

const answer = {
  text: ({ value }) => cdk8s.Yaml.stringify(crossed(value)),
  tree,
  named,
  patched: ({ document, patches }) => cdk8s.Yaml.stringify(cdk8s.JsonPatch.apply(crossed(document), ...patches.map(patch))),
};

const out = JSON.parse(fs.readFileSync(0, 'utf8')).map((one) => {
  try {
    return { answer: answer[one.ask](one) };
  } catch (error) {
    return { error: String(error.message) };
  }
});
fs.writeFileSync(1, JSON.stringify(out));
