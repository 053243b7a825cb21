"use strict";
// Draws the openapi.json beside this page. All text goes in as text, never as markup.
const DEEPEST = 6;
const byId = (id) => document.getElementById(id);

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// `code` in descriptions, and blank lines between paragraphs, are all the markdown there is.
function prose(text) {
  const box = make("div");
  for (const part of (text || "").trim().split(/\n\s*\n/)) {
    if (!part) continue;
    const paragraph = make("p");
    part.split(/`([^`]+)`/).forEach((piece, i) => paragraph.append(i % 2 ? make("code", "", piece) : piece));
    box.append(paragraph);
  }
  return box;
}

function start(document_) {
  const follow = (thing) => {
    for (let i = 0; thing && thing.$ref && i < 20; i++) {
      thing = thing.$ref.slice(2).split("/").reduce(
        (at, name) => at && at[name.replace(/~1/g, "/").replace(/~0/g, "~")], document_);
    }
    return thing || {};
  };

  const either = (schema) => schema.anyOf || schema.oneOf;

  function type(schema, depth = 0) {
    schema = follow(schema);
    if (depth > DEEPEST) return "...";
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
    if (either(schema)) return [...new Set(either(schema).map((each) => type(each, depth + 1)))].join(" | ");
    if (schema.type === "array") return "list of " + type(schema.items || {}, depth + 1);
    const kind = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type || "any";
    return schema.format ? `${kind} (${schema.format})` : kind;
  }

  function limits(schema) {
    const told = [];
    const words = { default: "default", minimum: "at least", maximum: "at most", exclusiveMinimum: "above",
      exclusiveMaximum: "below", minLength: "shortest", maxLength: "longest", pattern: "pattern", maxItems: "most entries" };
    for (const [name, word] of Object.entries(words)) {
      if (schema[name] !== undefined && schema[name] !== null) told.push(`${word} ${JSON.stringify(schema[name])}`);
    }
    return told.join(", ");
  }

  const extension = (thing) => (thing["x-extension"] ? make("span", "mark", "extension") : null);

  function row(name, schema, description, required, thing) {
    const plain = follow(schema);
    const about = make("td", "", make("span", "dim", type(schema)), extension(thing) || extension(plain));
    const told = limits(plain);
    if (told) about.append(make("span", "dim", " · " + told));
    about.append(prose(description || plain.description));
    return make("tr", "", make("td", "", name, required ? " *" : ""), about);
  }

  function fields(schema, prefix = "", depth = 0) {
    schema = follow(schema);
    if (depth > DEEPEST) return [];
    if (schema.type === "array") return fields(schema.items || {}, prefix + "[].", depth + 1);
    if (schema.allOf) return schema.allOf.flatMap((each) => fields(each, prefix, depth + 1));
    const rows = [];
    for (const [name, inner] of Object.entries(schema.properties || {})) {
      rows.push(row(prefix + name, inner, inner.description, (schema.required || []).includes(name), inner));
      const choices = either(follow(inner)) || [inner];
      for (const choice of choices) rows.push(...fields(choice, prefix + name + ".", depth + 1));
    }
    return rows;
  }

  function sample(schema, depth = 0) {
    schema = follow(schema);
    if (schema.example !== undefined) return schema.example;
    if (schema.examples && schema.examples.length) return schema.examples[0];
    if (depth > DEEPEST) return null;
    if (schema.default !== undefined && schema.default !== null) return schema.default;
    if (schema.enum) return schema.enum[0];
    if (either(schema)) return sample(either(schema)[0], depth + 1);
    if (schema.type === "array") return [];
    if (schema.type === "object" || schema.properties) {
      const wanted = schema.required || [];
      return Object.fromEntries(wanted.map((name) => [name, sample((schema.properties || {})[name], depth + 1)]));
    }
    return { integer: schema.minimum || 0, number: schema.minimum || 0, boolean: false }[schema.type] ?? "...";
  }

  const base = location.pathname.replace(/\/docs\/?$/, "");
  const schemes = Object.values((document_.components || {}).securitySchemes || {});
  const key = schemes.find((each) => each.type === "apiKey" && each.in === "header");

  function curl(method, path, body) {
    const quoted = (text) => "'" + text.replace(/'/g, "'\\''") + "'";
    let line = `curl -X ${method} ${quoted(location.origin + base + path)}`;
    if (key) line += ` \\\n  -H '${key.name}: ...'`;
    if (body) line += ` \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(JSON.stringify(sample(body)))}`;
    return line;
  }

  const table = (rows) => make("table", "", make("tbody", "", ...rows));
  const schemaOf = (thing) => {
    const json = ((thing || {}).content || {})["application/json"];
    return json && json.schema;
  };

  function answer(status, response) {
    response = follow(response);
    const box = make("div", "", make("h3", "", `${status} `, make("span", "dim", response.description || "")));
    const rows = schemaOf(response) ? fields(schemaOf(response)) : [];
    if (rows.length) box.append(make("details", "", make("summary", "dim", "fields"), table(rows)));
    return box;
  }

  function operation(path, method, it, shared) {
    const parameters = [...(shared || []), ...(it.parameters || [])].map(follow);
    const body = follow(it.requestBody);
    const box = make("details", "operation", make("summary", "", make("span", "method " + method, method),
      make("span", "path", path), " ", make("span", "dim", it.summary || ""), extension(it)));
    box.dataset.text = `${method} ${path} ${it.summary || ""} ${it.description || ""}`.toLowerCase();
    box.addEventListener("toggle", () => {
      if (!box.open || box.dataset.drawn) return;
      box.dataset.drawn = "yes";
      box.append(prose(it.description));
      if (parameters.length) {
        box.append(make("h3", "", "Parameters"), table(parameters.map((each) =>
          row(`${each.name} (${each.in})`, each.schema || {}, each.description, each.required, each))));
      }
      if (schemaOf(body)) {
        box.append(make("h3", "", body.required ? "Body *" : "Body"), table(fields(schemaOf(body))));
      }
      box.append(make("h3", "", "Example"), make("pre", "", curl(method, path, schemaOf(body))));
      box.append(...Object.entries(it.responses || {}).map(([status, each]) => answer(status, each)));
    });
    return box;
  }

  const info = document_.info || {};
  document.title = info.title || "API";
  byId("title").textContent = `${info.title || "API"} ${info.version || ""}`;
  byId("about").replaceWith(prose(info.description));
  const groups = new Map();
  for (const [path, item] of Object.entries(document_.paths || {})) {
    for (const method of ["get", "post", "put", "patch", "delete"]) {
      if (!item[method]) continue;
      const tag = (item[method].tags || [""])[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(path, method.toUpperCase(), item[method], item.parameters));
    }
  }
  const sections = [...groups].map(([tag, boxes]) => make("section", "", tag ? make("h2", "", tag) : null, ...boxes));
  byId("operations").replaceChildren(...sections);
  byId("find").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/);
    for (const section of sections) {
      const boxes = [...section.querySelectorAll(".operation")];
      for (const box of boxes) box.hidden = !words.every((word) => box.dataset.text.includes(word));
      section.hidden = boxes.every((box) => box.hidden);
    }
  });
}

fetch("openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`openapi.json: ${answer.status}`))))
  .then(start)
  .catch((error) => { byId("operations").textContent = String(error); });
