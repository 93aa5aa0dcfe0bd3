// Cards and lines: which nodes and edges Cytoscape draws for the hosts and services that are to be seen, and where.
"use strict";
const cards = (() => {
  const HEAD = 46, ROW = 28, DETAIL = 17, BETWEEN = 20, TALLEST = 2400, MOST_WITH_ROWS = 200;
  const WIDTH = {entrance: 230, host: 430, service: 250};
  const GAP = 130, BLOCK = 110, BEND = 0.36;
  const FONT = {
    title: '600 14px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    sub: '11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    row: '11.5px ui-monospace, Menlo, Consolas, monospace',
  };
  const pen = document.createElement("canvas").getContext("2d");
  const widths = new Map();

  function width(text, font) {
    const key = font + text;
    if (!widths.has(key)) {
      pen.font = FONT[font];
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  function cut(text, font, room) {
    if (width(text, font) <= room) return text;
    let length = Math.max(1, Math.floor(text.length * room / width(text, font)));
    while (length > 1 && width(text.slice(0, length) + "…", font) > room) length -= 1;
    return text.slice(0, length) + "…";
  }

  // A label that starts at the left edge of its node; Cytoscape only centres them.
  function left(text, font, box, indent) {
    const lines = text.split("\n").map((line) => cut(line, font, box.w - indent - 26));
    const widest = Math.max(...lines.map((line) => width(line, font)));
    return {label: lines.join("\n"), mx: -box.w / 2 + indent + widest / 2};
  }

  const ruleHeight = (rule) => ROW + (rule.details || rule.outcome ? DETAIL : 0);
  const rows = {
    entrance: (entrance) => entrance.doors.map(() => ROW),
    host: (host) => host.rules.map(ruleHeight),
    service: (service) => service.versions.map(() => ROW),
  };

  let compact = false; // Of very many hosts only the heads are drawn: nobody could read more.

  function place(kind, part, x, y) {
    const heights = compact && kind !== "entrance" ? [] : rows[kind](part);
    const tops = [];
    let bottom = y + HEAD;
    for (const height of heights) {
      tops.push(bottom);
      bottom += height;
    }
    return {x, y, w: WIDTH[kind], h: bottom - y + (tops.length ? 8 : 0), tops, heights};
  }

  // Entrances beside their hosts; every block has its own copies, so that no line crosses the picture.
  function placeEntrances(data, hosts, at, block, x) {
    let top = 0;
    data.entrances.forEach((entrance, number) => {
      const own = hosts.map((host) => [host, at.hosts.get(host)])
        .filter(([host, card]) => data.hosts[host].entrance === number && card.block === block)
        .map(([, card]) => card);
      if (!own.length && (hosts.length || block)) return;
      const height = place("entrance", entrance, 0, 0).h;
      const middle_ = own.length ? (own[0].y + own[own.length - 1].y + own[own.length - 1].h) / 2 : 0;
      const card = place("entrance", entrance, x, Math.max(top, middle_ - height / 2));
      at.entrances.set(`e${number}${block ? `b${block}` : ""}`, card);
      top = card.y + card.h + BETWEEN;
    });
  }

  // Hosts below each other, each service near the rules that lead to it; tall pictures go on in a further block.
  function arrange(data, hosts, services) {
    const at = {entrances: new Map(), hosts: new Map(), services: new Map()};
    const wanted = new Map();
    const top = {host: 0, service: 0};
    const firstHost = WIDTH.entrance + GAP;
    const blockWidth = firstHost + WIDTH.host + GAP + WIDTH.service + BLOCK;
    let block = 0;
    const shift = () => block * blockWidth;
    const mine = new Set(services);
    const all = hosts.reduce((sum, number) => sum + place("host", data.hosts[number], 0, 0).h + BETWEEN, 0);
    const tallest = Math.max(TALLEST, Math.sqrt(all * blockWidth / 1.6));
    const putService = (number, ideal) => {
      const x = firstHost + shift() + WIDTH.host + GAP;
      const height = place("service", data.services[number], 0, 0).h;
      const card = place("service", data.services[number], x, Math.max(top.service, ideal - height / 2));
      at.services.set(number, card);
      top.service = card.y + card.h + BETWEEN;
    };
    const settle = () => {
      const order = [...wanted].map(([number, tops]) => [tops.reduce((a, b) => a + b) / tops.length, number]);
      for (const [middle, number] of order.sort((a, b) => a[0] - b[0])) putService(number, middle);
      wanted.clear();
    };
    for (const number of hosts) {
      if (top.host > tallest) {
        settle();
        block += 1;
        top.host = top.service = 0;
      }
      const host = data.hosts[number];
      const card = place("host", host, firstHost + shift(), top.host);
      card.block = block;
      at.hosts.set(number, card);
      top.host = card.y + card.h + BETWEEN;
      host.rules.forEach((rule, row) => rule.targets.forEach(({service}) => {
        if (at.services.has(service) || !mine.has(service)) return;
        if (!wanted.has(service)) wanted.set(service, []);
        wanted.get(service).push(middle(card, row));
      }));
    }
    settle();
    for (const number of services) {
      if (at.services.has(number)) continue;
      if (top.service > tallest) {
        block += 1;
        top.host = top.service = 0;
      }
      putService(number, top.service);
    }
    for (let each = 0; each <= block; each += 1) placeEntrances(data, hosts, at, each, each * blockWidth);
    return at;
  }

  function node(id, classes, box, text, font, indent, my) {
    const {label, mx} = left(text, font, box, indent);
    return {
      group: "nodes", classes, selectable: false, grabbable: false,
      data: {id, w: box.w, h: box.h, label, mx, my},
      position: {x: box.x + box.w / 2, y: box.y + box.h / 2},
    };
  }

  function card(id, kind, box, title, subtitle) {
    const head = node(id, `card ${kind}`, box, title, "title", 12, -box.h / 2 + 16);
    head.data.stops = `0% ${100 * HEAD / box.h}% ${100 * HEAD / box.h}% 100%`;
    const line = {x: box.x, y: box.y + 22, w: box.w, h: 22};
    return [head, node(`${id}-`, `sub of-${kind.split(" ")[0]}`, line, subtitle, "sub", 12, 2)];
  }

  function row(id, classes, box, number, text) {
    const part = {x: box.x, y: box.tops[number], w: box.w, h: box.heights[number]};
    return node(id, `row ${classes}`, part, text, "row", 14, 0);
  }

  // An S from right to left: two control points, told as Cytoscape wants them, relative to the straight line.
  function edge(id, classes, from, to, source, target, extra) {
    const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy) || 1;
    return {
      group: "edges", classes, selectable: false,
      data: {
        id, source, target, label: "", width: 1.3, ...extra,
        cd: [-BEND * dx * dy / length, BEND * dx * dy / length],
        cw: [BEND * dx * dx / length ** 2, ((1 - BEND) * dx * dx + dy * dy) / length ** 2],
      },
    };
  }

  const right = (box, y) => ({x: box.x + box.w, y});
  const leftOf = (box, y) => ({x: box.x, y});
  const middle = (box, number) =>
    number in box.tops ? box.tops[number] + box.heights[number] / 2 : box.y + box.h / 2;

  function elements(data, hosts, services) {
    compact = hosts.length > MOST_WITH_ROWS || services.length > 2 * MOST_WITH_ROWS;
    const at = arrange(data, hosts, services);
    const made = [];
    for (const [id, box] of at.entrances) {
      const entrance = data.entrances[Number(/\d+/.exec(id)[0])];
      const sign = entrance.unknowns.length ? "⚠ " : "";
      made.push(...card(id, "entrance", box, sign + entrance.title, entrance.subtitle));
      entrance.doors.forEach((door, row_) => {
        made.push(row(`${id}d${row_}`, door.lock && `lock-${door.lock}`, box, row_, door.title));
      });
    }
    for (const [number, box] of at.services) {
      const service = data.services[number];
      const subtitle = service.subtitle + (service.empty ? " · no workload" : "");
      made.push(...card(`s${number}`, `service ${service.kind} lock-${service.lock}`, box, service.title, subtitle));
      if (!compact) service.versions.forEach((version, row_) => {
        const state = version.bad ? "bad" : version.empty ? "warn" : "";
        made.push(row(`s${number}v${row_}`, state, box, row_, version.title));
      });
    }
    for (const [number, box] of at.hosts) {
      const host = data.hosts[number];
      const sign = host.unknowns.length ? "⚠ " : "";
      made.push(...card(`h${number}`, "host", box, sign + host.title, host.subtitle));
      const gate = `e${host.entrance}${box.block ? `b${box.block}` : ""}`;
      const entrance = at.entrances.get(gate);
      const inner = `h${number}`;
      const end = leftOf(box, box.y + box.h / 2);
      if (host.doors.length) {
        for (const door of host.doors) {
          const start = right(entrance, middle(entrance, door));
          made.push(edge(`${inner}d${door}`, "in", start, end, `${gate}d${door}`, inner));
        }
      } else {
        const start = right(entrance, entrance.y + entrance.h / 2);
        made.push(edge(`${inner}d`, "in", start, end, gate, inner));
      }
      if (compact) {
        new Set(host.rules.flatMap((rule) => rule.targets.map((target) => target.service))).forEach((service) => {
          const goal = at.services.get(service);
          if (goal) made.push(edge(`${inner}s${service}`, "out", right(box, middle(box)), leftOf(goal, middle(goal)),
            inner, `s${service}`));
        });
        continue;
      }
      host.rules.forEach((rule, row_) => {
        const second = [rule.outcome && `→ ${rule.outcome}`, rule.details].filter(Boolean).join("; ");
        const text = `${row_ + 1}  ${rule.title}${second ? `\n   ${second}` : ""}`;
        made.push(row(`${inner}r${row_}`, rule.bad ? "bad" : "", box, row_, text));
        rule.targets.forEach((target, turn) => {
          const goal = at.services.get(target.service);
          if (!goal) return;
          const whole = target.version === null;
          const there = leftOf(goal, whole ? goal.y + goal.h / 2 : middle(goal, target.version));
          const name = whole ? `s${target.service}` : `s${target.service}v${target.version}`;
          const more = {label: target.text, width: 1.2 + target.share / 45};
          made.push(edge(`${inner}r${row_}t${turn}`, target.mirror ? "mirror" : "out",
            right(box, middle(box, row_)), there, `${inner}r${row_}`, name, more));
        });
      });
    }
    return made;
  }

  return {elements};
})();
