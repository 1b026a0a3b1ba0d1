// Resources of the evidence folder, and what elements they really have.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const MOST_OF_A_TYPE = 10;
const LARGEST_BUNDLE_BYTES = 60_000;
const MOST_BUNDLES = 12;

function* bundles(patients) {
  for (const set of ['hl7-r4-examples', 'azure-uscore', 'smart-bulk10']) {
    for (const name of readdirSync(join(patients, set)).sort()) {
      if (name.endsWith('.json.gz')) yield gunzipSync(readFileSync(join(patients, set, name))).toString();
    }
  }
}

// [{file, resource}]: a few of every type, and small Bundles; each written to a file of its own in `folder`.
export function loadResources(shared, folder, random) {
  const kept = new Map();
  const small = [];
  for (const source of bundles(join(shared, 'data/patients'))) {
    const bundle = JSON.parse(source);
    if (source.length <= LARGEST_BUNDLE_BYTES && small.length < MOST_BUNDLES) small.push(bundle);
    for (const { resource } of bundle.entry ?? []) {
      const known = kept.get(resource.resourceType) ?? kept.set(resource.resourceType, { seen: 0, resources: [] }).get(resource.resourceType);
      // Reservoir: every resource of the type has the same chance.
      known.seen += 1;
      if (known.resources.length < MOST_OF_A_TYPE) known.resources.push(resource);
      else if (random.below(known.seen) < MOST_OF_A_TYPE) known.resources[random.below(MOST_OF_A_TYPE)] = resource;
    }
  }
  const all = [...[...kept.values()].flatMap((known) => known.resources), ...small];
  return all.map((resource, i) => {
    const file = join(folder, `resource-${i}.json`);
    writeFileSync(file, JSON.stringify(resource));
    return { file, resource };
  });
}

// What a resource has, by type: children(type) are [{name, type, many, samples}], types of backbone elements are
// their paths.
export class Elements {
  constructor(model, resource) {
    this.model = model;
    this.byType = new Map();
    this.paths = new Map();
    this.root = resource.resourceType;
    this.walk(resource, resource.resourceType);
  }

  walk(object, type) {
    for (const [key, value] of Object.entries(object)) {
      if (key === 'resourceType' || key.startsWith('_') || value === null) continue;
      const element = this.resolve(type, key);
      if (element) this.add(type, element, value);
    }
  }

  add(type, element, value) {
    const items = Array.isArray(value) ? value : [value];
    if (!this.byType.has(type)) this.byType.set(type, new Map());
    const children = this.byType.get(type);
    for (const item of items) {
      if (item === null) continue;
      const itemType = element.type === 'Resource' ? item.resourceType : element.type;
      const id = `${element.name}|${itemType}`;
      if (!children.has(id)) children.set(id, { ...element, type: itemType, many: false, samples: [] });
      const child = children.get(id);
      child.many ||= items.length > 1;
      if (typeof item === 'object') this.walk(item, itemType);
      else if (child.samples.length < 8) child.samples.push(item);
    }
  }

  resolve(type, key) {
    const { path2Type, choiceTypePaths, pathsDefinedElsewhere, type2Parent } = this.model;
    for (let owner = type; owner; owner = type2Parent[owner]) {
      const path = `${owner}.${key}`;
      const elsewhere = pathsDefinedElsewhere[path];
      if (elsewhere) return { name: key, type: elsewhere };
      const found = path2Type[path];
      if (found) {
        const choice = Object.keys(choiceTypePaths).find((start) => start.startsWith(owner + '.') && path.startsWith(start) &&
          choiceTypePaths[start].some((suffix) => start + suffix === path || (start + suffix).toLowerCase() === path.toLowerCase()));
        const backbone = found === 'BackboneElement' || found === 'Element';
        const name = choice ? choice.slice(owner.length + 1) : key;
        return { name, choice: choice ? found : undefined, type: backbone ? path : found };
      }
    }
    return undefined;
  }

  children(type) {
    return [...(this.byType.get(type)?.values() ?? [])];
  }

  // Paths from a value of the type, up to four steps: [{steps, type, many, samples}].
  from(type) {
    if (this.paths.has(type)) return this.paths.get(type);
    const found = [];
    const visit = (at, steps, many, depth) => {
      for (const child of this.children(at)) {
        const path = { steps: [...steps, child], type: child.type, many: many || child.many, samples: child.samples };
        found.push(path);
        if (depth < 4 && child.type !== type) visit(child.type, path.steps, path.many, depth + 1);
      }
    };
    visit(type, [], false, 1);
    this.paths.set(type, found);
    return found;
  }
}
