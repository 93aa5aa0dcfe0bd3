// The page: search, filters, the list, what is open, and the YAML behind it. Text of manifests becomes text, never markup.
"use strict";
(() => {
  const MOST_HOSTS = 40, MOST_LISTED = 200;
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const search = find("search"), results = find("results"), details = find("details"), note = find("note");
  const filters = {namespace: find("namespace"), host: find("host"), service: find("service")};
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let drawAll = false, chosen = "", shown = {hosts: [], services: []};

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== ""));
    return made;
  }

  // What can be found: for each host and service all words on it, and whom it is connected to.
  const users = data.services.map(() => new Set());
  data.hosts.forEach((host, number) => host.rules.forEach((rule) => rule.targets.forEach(({service}) => {
    users[service].add(number);
  })));
  const uses = data.hosts.map((host) => [...new Set(host.rules.flatMap((rule) => rule.targets.map((t) => t.service)))]);
  const objects = (places) => places.map((place) => place ? place.object : "");
  const serviceWords = data.services.map((service) => [
    service.title, service.host, service.namespace, ...service.notes, ...service.versions.map((v) => v.title),
    ...objects(service.places),
  ].join("\n").toLowerCase());
  const hostWords = data.hosts.map((host) => [
    host.title, ...host.domains, ...host.namespaces, data.entrances[host.entrance].title,
    ...host.rules.flatMap((rule) => [...rule.conditions, rule.details, rule.outcome, ...objects(rule.places)]),
  ].join("\n").toLowerCase());
  const counted = (all, what) => `${all.length} ${what}${all.length === 1 ? "" : "s"}`;
  const nameOf = (service) => service.kind === "service" ? `${service.title}.${service.namespace}` : service.title;

  function options(select, all, texts) {
    select.append(element("option", {value: ""}, all));
    for (const [value, text] of texts) select.append(element("option", {value}, text));
  }
  const namespaces = new Set(data.hosts.flatMap((h) => h.namespaces).concat(data.services.map((s) => s.namespace)));
  options(filters.namespace, "all", [...namespaces].filter(Boolean).sort().map((name) => [name, name]));
  options(filters.host, "all", data.hosts.map((host, number) =>
    [String(number), `${host.title} (${data.entrances[host.entrance].title})`]));
  options(filters.service, "all", data.services.map((service, number) => [String(number), nameOf(service)]));
  find("title").textContent = data.title;
  document.title = `${data.title} – traffic`;

  function matching() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const {namespace, host, service} = Object.fromEntries(Object.entries(filters).map(([k, s]) => [k, s.value]));
    const meets = (text) => words.every((word) => text.includes(word));
    const inNamespace = (number) => data.services[number].namespace === namespace;
    const found = data.services.map((each, number) => meets(serviceWords[number])
      && (!namespace || each.namespace === namespace) && (!service || number === Number(service)));
    const hosts = [];
    data.hosts.forEach((each, number) => {
      if (host && number !== Number(host)) return;
      if (service && !uses[number].includes(Number(service))) return;
      if (namespace && !each.namespaces.includes(namespace) && !uses[number].some(inNamespace)) return;
      if (meets(hostWords[number]) || uses[number].some((s) => found[s])) hosts.push(number);
    });
    const asked = words.length || namespace || host || service;
    const services = new Set();
    found.forEach((is, number) => {
      if (is && (!host || users[number].has(Number(host)))) services.add(number);
    });
    const listed = [...services];
    if (asked) hosts.forEach((number) => uses[number].forEach((each) => services.add(each)));
    return {hosts, services: [...services].sort((a, b) => a - b), listed};
  }

  const cy = cytoscape({
    container: find("picture"), elements: [], style: pictureStyle(dark.matches), minZoom: 0.02, maxZoom: 2.5,
    autounselectify: true, boxSelectionEnabled: false, hideEdgesOnViewport: false,
  });
  dark.addEventListener("change", () => cy.style(pictureStyle(dark.matches)));

  function frame() {
    const box = cy.elements().boundingBox();
    if (!box.w) return;
    cy.fit(cy.elements(), 24);
    if (cy.zoom() > 1.1) {
      cy.zoom(1.1);
      cy.center();
    } else if (cy.zoom() < 0.45 && !drawAll) {
      const zoom = Math.max(0.45, Math.min(1, (cy.width() - 40) / box.w));
      cy.viewport({zoom, pan: {x: 24 - box.x1 * zoom, y: 56 - box.y1 * zoom}});
    }
  }

  function draw() {
    const found = matching();
    const hosts = drawAll ? found.hosts : found.hosts.slice(0, MOST_HOSTS);
    const cutOff = hosts.length < found.hosts.length || (!drawAll && found.services.length > 4 * MOST_HOSTS);
    let services = found.services;
    if (cutOff) services = [...new Set(hosts.flatMap((number) => uses[number]))];
    shown = {hosts, services};
    cy.batch(() => {
      cy.elements().remove();
      cy.add(cards.elements(data, hosts, services));
    });
    note.hidden = !cutOff;
    note.firstElementChild.textContent = `${hosts.length} of ${found.hosts.length} hosts are drawn. Search, or`;
    find("status").textContent = `${counted(found.hosts, "host")}, ${counted(found.listed, "service")}`;
    list(found);
    mark();
    frame();
  }

  function list(found) {
    results.replaceChildren();
    const group = (title, numbers, make) => {
      if (!numbers.length) return;
      results.append(element("h2", {}, `${title} (${numbers.length})`));
      results.append(element("ul", {}, ...numbers.slice(0, MOST_LISTED).map((number) => element("li", {}, make(number)))));
      if (numbers.length > MOST_LISTED) {
        results.append(element("p", {}, `and ${numbers.length - MOST_LISTED} more: narrow the search`));
      }
    };
    const entry = (id, title, subtitle) => element("button", {
      type: "button", "data-id": id, "aria-current": String(id === chosen), onclick: () => open(id),
    }, title, element("small", {}, subtitle));
    group("Hosts", found.hosts, (number) => entry(`h${number}`, data.hosts[number].title,
      `${data.entrances[data.hosts[number].entrance].title} ${data.hosts[number].subtitle}`));
    group("Services", found.listed, (number) =>
      entry(`s${number}`, data.services[number].title, data.services[number].subtitle));
    if (!found.hosts.length && !found.listed.length) results.append(element("p", {}, "Nothing matches."));
  }

  // An id names a part: h3 a host, h3r1 its second rule, h3r1t0 an edge, s5 a service, s5v1 a version, e0d1 a port.
  function part(id) {
    const [, kind, first, second, edge] = /^([hse])(\d+)(?:b\d+)?(?:[rvds](\d*))?(?:t(\d+))?$/.exec(id) || [];
    if (kind === "h" && data.hosts[first]) {
      const host = data.hosts[first];
      if (/^h\d+[ds]/.test(id)) return {host};
      if (second === undefined) return {host};
      const rule = host.rules[second];
      return rule && {host, rule, number: Number(second), target: edge === undefined ? undefined : rule.targets[edge]};
    }
    if (kind === "s" && data.services[first]) {
      return {service: data.services[first], version: second && data.services[first].versions[second]};
    }
    if (kind === "e" && data.entrances[first]) {
      return {entrance: data.entrances[first], door: second && data.entrances[first].doors[second]};
    }
    return undefined;
  }

  const cardOf = (id) => (/^[hse]\d+/.exec(id) || [""])[0];

  function open(id, keepFocus) {
    const found = part(id);
    if (!found) return;
    chosen = id;
    const own = cardOf(id);
    if (!cy.getElementById(own).nonempty()) {
      const number = Number(own.slice(1));
      const hosts = own[0] === "h" ? [number] : own[0] === "s" ? [...users[number]].slice(0, MOST_HOSTS) : [];
      const services = [...new Set([...hosts.flatMap((host) => uses[host]), ...(own[0] === "s" ? [number] : [])])];
      shown = {hosts: [...new Set([...hosts, ...shown.hosts])].slice(0, MOST_HOSTS + hosts.length),
               services: [...new Set([...services, ...shown.services])]};
      cy.batch(() => {
        cy.elements().remove();
        cy.add(cards.elements(data, shown.hosts, shown.services));
      });
    }
    history.replaceState(null, "", `#${id}`);
    show(found);
    mark();
    cy.resize();
    focusOn(own);
    if (!keepFocus) details.focus();
  }

  function around(own) {
    if (own[0] === "e") return undefined;
    const hosts = own[0] === "h" ? [Number(own.slice(1))] : [...users[Number(own.slice(1))]];
    const keep = new Set([own, ...hosts.map((number) => `h${number}`)]);
    hosts.forEach((number) => {
      keep.add(`e${data.hosts[number].entrance}`);
      if (own[0] === "h") uses[number].forEach((service) => keep.add(`s${service}`));
    });
    return keep;
  }

  function mark() {
    cy.batch(() => {
      cy.elements().removeClass("faded chosen");
      if (!chosen) return;
      const own = cardOf(chosen), keep = around(own);
      if (keep) {
        cy.nodes().filter((node) => !keep.has(cardOf(node.id()))).addClass("faded");
        cy.edges().filter((edge) => !(keep.has(cardOf(edge.data("source"))) && keep.has(cardOf(edge.data("target")))))
          .addClass("faded");
      }
      cy.getElementById(chosen).addClass("chosen");
    });
    results.querySelectorAll("[data-id]").forEach((button) =>
      button.setAttribute("aria-current", String(button.dataset.id === cardOf(chosen) && chosen !== "")));
  }

  function focusOn(own) {
    const keep = around(own) || new Set([own]);
    const near = cy.nodes().filter((node) => keep.has(node.id()));
    const box = near.boundingBox();
    if (near.empty()) return;
    if (box.w && Math.min(cy.width() / (box.w + 60), cy.height() / (box.h + 60)) > 0.4) cy.fit(near, 40);
    else cy.center(cy.getElementById(own));
    if (cy.zoom() > 1.1) {
      cy.zoom({level: 1.1, renderedPosition: {x: cy.width() / 2, y: cy.height() / 2}});
      cy.center(near);
    }
  }

  function close() {
    chosen = "";
    details.hidden = true;
    history.replaceState(null, "", location.pathname + location.search);
    cy.resize();
    mark();
  }

  function show({host, rule, number, target, service, version, entrance, door}) {
    const title = host ? host.title : service ? service.title : entrance.title;
    const subtitle = host ? `${data.entrances[host.entrance].title} ${host.subtitle}`
      : service ? service.subtitle : entrance.subtitle;
    details.replaceChildren(
      element("header", {}, element("h2", {}, title),
        element("button", {type: "button", "aria-label": "Close details", onclick: leave}, "✕")),
      element("p", {}, subtitle));
    const unknowns = (host || entrance || {unknowns: []}).unknowns || [];
    chips(unknowns.map((text) => [`not modelled: ${text}`, "warn"]));
    if (rule) ruleDetails(rule, number, target);
    else if (host) hostDetails(host);
    if (service) serviceDetails(service, version);
    if (entrance) {
      for (const each of door ? [door] : entrance.doors) {
        details.append(element("h3", {}, each.title));
        chips(each.facts.map((text) => [text, ""]));
        each.places.forEach(source);
      }
    }
    details.hidden = false;
    details.scrollTop = 0;
  }

  function chips(pairs) {
    if (pairs.length) {
      details.append(element("div", {class: "chips"}, ...pairs.map(([text, kind]) => element("span", {class: kind}, text))));
    }
  }

  function destination(target) {
    const service = data.services[target.service];
    const version = target.version === null ? "" : ` ${service.versions[target.version].title}`;
    return `${nameOf(service)}${target.port ? `:${target.port}` : ""}${version}`;
  }

  function hostDetails(host) {
    const position = data.hosts.indexOf(host);
    if (host.domains.length > 1) chips(host.domains.map((text) => [text, ""]));
    details.append(element("h3", {}, "Rules, the first that fits answers"));
    details.append(element("ol", {class: "rules"}, ...host.rules.map((rule, number) => element("li", {},
      element("button", {type: "button", onclick: () => open(`h${position}r${number}`)},
        `${number + 1}  ${rule.conditions.slice(0, 3).join(" or ")}${rule.conditions.length > 3 ? " …" : ""}`,
        element("small", {}, [outcome(rule), rule.details].filter(Boolean).join("; ")))))));
    const places = new Map(host.rules.flatMap((rule) => rule.places).filter(Boolean).map((p) => [p.object, p]));
    if (places.size === 1 && host.rules.length === 1) host.rules[0].places.forEach(source);
  }

  function outcome(rule) {
    return rule.outcome ? `→ ${rule.outcome}`
      : `→ ${rule.targets.map((t) => [t.text, destination(t)].filter(Boolean).join(" ")).join(", ")}`;
  }

  function ruleDetails(rule, number, target) {
    details.append(element("h3", {}, `Rule ${number + 1}: requests that fit one of`));
    details.append(element("ul", {}, ...rule.conditions.map((text) => element("li", {}, text))));
    chips([[outcome(rule), rule.bad ? "bad" : ""], ...(rule.details ? [[rule.details, ""]] : [])]);
    rule.places.forEach(source);
    for (const each of target ? [target] : rule.targets) {
      const service = data.services[each.service];
      const version = each.version === null ? undefined : service.versions[each.version];
      details.append(element("h3", {}, destination(each)));
      (version ? version.places : service.places).forEach(source);
    }
  }

  function serviceDetails(service, version) {
    chips([[service.host, ""], ...service.notes.map((text) => [text, text === "no workload" ? "warn" : ""])]);
    if (!version) service.places.forEach(source);
    for (const each of version ? [version] : service.versions) {
      details.append(element("h3", {}, each.title));
      chips(each.facts.map((text) => [text, ""]));
      each.places.forEach(source);
    }
  }

  function lines(document_, from, to) {
    const pre = element("pre", {tabindex: "0", "aria-label": document_.file});
    document_.text.split("\n").forEach((text, index) => {
      const line = document_.start + index;
      const here = line >= from && line <= to;
      pre.append(element("span", {"data-line": String(line), class: here ? "here" : ""}, text || "\u200b"));
    });
    return pre;
  }

  function source(place) {
    if (!place) return;
    details.append(element("h3", {}, `${place.object} ${place.field}`.trim()));
    if (place.python) {
      const {where, path} = place.python;
      details.append(element("div", {class: "where"}, `made by ${where}, ${path}`));
      if (place.python.doc !== undefined) {
        details.append(lines(data.documents[place.python.doc], place.python.line, place.python.line));
      }
    }
    if (place.doc === undefined) return;
    const document_ = data.documents[place.doc];
    const pre = lines(document_, place.line, place.last);
    details.append(element("div", {class: "where"}, `${document_.file}:${place.line}`), pre);
    const first = pre.querySelector(".here");
    if (first) requestAnimationFrame(() => { pre.scrollTop = first.offsetTop - pre.offsetTop - 40; });
  }

  // Keyboard: / searches, arrows walk the results, Enter opens, Escape goes back a step.
  function leave() {
    const own = cardOf(chosen);
    close();
    const button = own && results.querySelector(`[data-id="${own}"]`);
    (button || search).focus();
  }
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      if (!details.hidden) leave();
      else if (search.value) {
        search.value = "";
        draw();
        search.focus();
      } else document.activeElement.blur();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const buttons = [...results.querySelectorAll("button")];
      const at = buttons.indexOf(document.activeElement);
      if (at < 0 && document.activeElement !== search) return;
      event.preventDefault();
      const next = event.key === "ArrowDown" ? at + 1 : at - 1;
      if (next < 0) search.focus();
      else if (buttons[next]) buttons[next].focus();
    } else if (event.key === "Enter" && document.activeElement === search) {
      apply();
      const first = results.querySelector("button");
      if (first) open(first.dataset.id);
    }
  });

  let waiting = 0;
  function apply() {
    clearTimeout(waiting);
    drawAll = false;
    draw();
  }
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 80);
  });
  Object.values(filters).forEach((select) => select.addEventListener("change", apply));
  find("clear").addEventListener("click", () => {
    search.value = "";
    Object.values(filters).forEach((select) => { select.value = ""; });
    close();
    apply();
    search.focus();
  });
  note.querySelector("button").addEventListener("click", () => {
    drawAll = true;
    draw();
  });
  find("fit").addEventListener("click", () => cy.fit(cy.elements(), 24));
  const zoom = (factor) => cy.zoom({level: cy.zoom() * factor, renderedPosition: {x: cy.width() / 2, y: cy.height() / 2}});
  find("in").addEventListener("click", () => zoom(1.3));
  find("out").addEventListener("click", () => zoom(1 / 1.3));
  cy.on("tap", "node, edge", (event) => open(event.target.id().replace(/-$/, ""), true));
  cy.on("tap", (event) => { if (event.target === cy) close(); });
  new ResizeObserver(() => cy.resize()).observe(find("picture"));

  draw();
  if (location.hash.length > 1) open(location.hash.slice(1), true);
  document.documentElement.dataset.ready = "true";
})();
