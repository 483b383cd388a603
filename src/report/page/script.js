// The treemap and the table. The data is the JSON in #data and the rows that are there already; nothing is fetched, and no
// name from the data ever becomes markup: text is set as text.
"use strict";
(() => {
  const items = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, attributes = {}, text) => {
    const element = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const size = (bytes) => {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit += 1; }
    return `${unit === 0 ? bytes : bytes.toFixed(bytes < 10 ? 2 : bytes < 100 ? 1 : 0)} ${units[unit]}`;
  };
  const share = (part, whole) => {
    const percent = whole === 0 ? 0 : (part / whole) * 100;
    return part > 0 && percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
  };

  // ---- the tree: toolchain, profile, package, item ----
  const root = { name: "everything", bytes: 0, children: [], index: new Map(), leaves: [], up: null, depth: 0 };
  items.forEach((item, at) => {
    let node = root;
    const grow = () => { node.bytes += item.bytes; node.leaves.push(at); };
    grow();
    for (const name of [item.toolchain, item.profile, item.group]) {
      let child = node.index.get(name);
      if (!child) {
        child = { name, bytes: 0, children: [], index: new Map(), leaves: [], up: node, depth: node.depth + 1 };
        node.index.set(name, child);
        node.children.push(child);
      }
      node = child;
      grow();
    }
    node.children.push({ name: item.name, bytes: item.bytes, children: [], leaves: [at], item: at, up: node, depth: 4 });
  });
  const sortDown = (node) => {
    node.children = node.children.filter((child) => child.bytes > 0).sort((a, b) => b.bytes - a.bytes);
    node.children.forEach(sortDown);
  };
  sortDown(root);
  // A level with one thing in it is no choice.
  const descend = (node) => {
    while (node.children.length === 1 && node.children[0].children.length > 0) node = node.children[0];
    return node;
  };

  // ---- squarified layout (Bruls, Huizing, van Wijk 2000): areas are exactly proportional ----
  const squarify = (children, x, y, width, height, place) => {
    let rest = children.reduce((sum, child) => sum + child.bytes, 0);
    let start = 0;
    while (start < children.length && rest > 0 && width > 0 && height > 0) {
      const short = Math.min(width, height);
      const scale = (width * height) / rest;
      const worst = (sum, largest, smallest) => {
        const area = sum * scale;
        return Math.max((short * short * largest * scale) / (area * area), (area * area) / (short * short * smallest * scale));
      };
      let sum = children[start].bytes;
      let end = start + 1;
      let ratio = worst(sum, sum, sum);
      while (end < children.length) {
        const next = worst(sum + children[end].bytes, children[start].bytes, children[end].bytes);
        if (next > ratio) break;
        ratio = next;
        sum += children[end].bytes;
        end += 1;
      }
      const thick = (sum / rest) * (width >= height ? width : height);
      let along = width >= height ? y : x;
      for (const child of children.slice(start, end)) {
        const length = (child.bytes / sum) * short;
        if (width >= height) place(child, x, along, thick, length);
        else place(child, along, y, length, thick);
        along += length;
      }
      if (width >= height) { x += thick; width -= thick; } else { y += thick; height -= thick; }
      rest -= sum;
      start = end;
    }
  };

  // ---- the map ----
  const map = byId("map");
  const tip = byId("tip");
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const fit = (text, width, font) => {
    pen.font = `${font} ${family}`;
    if (pen.measureText(text).width <= width) return text;
    let cut = text.length;
    while (cut > 1 && pen.measureText(text.slice(0, cut) + "…").width > width) cut -= 1;
    return cut > 3 ? text.slice(0, cut) + "…" : "";
  };
  const label = (parent, kind, text, x, y, width) => {
    const shown = fit(text, width, kind === "name" ? "650 13px" : "11px");
    if (shown) parent.append(make("svg:text", { class: kind, x, y }, shown));
    return shown !== "";
  };
  let current = descend(root);
  let only = null;

  const draw = () => {
    const { width, height } = map.getBoundingClientRect();
    map.replaceChildren();
    map.setAttribute("viewBox", `0 0 ${width} ${height}`);
    squarify(current.children, 0, 0, width, height, (child, x, y, w, h) => {
      const isLeaf = child.item !== undefined;
      const says = `${child.name}, ${size(child.bytes)}, ${share(child.bytes, current.bytes)}`;
      const group = make("svg:g", { class: "node", tabindex: "0", role: "button", "aria-label": isLeaf ? `${says}: show its row` : `${says}: zoom in` });
      const rect = (name, x, y, w, h) => group.appendChild(make("svg:rect", { class: name, x, y, width: w, height: h }));
      const later = [];
      const names = [];
      const corner = { x, y };
      const leaf = (node, x, y, w, h) => {
        const item = items[node.item];
        const shape = rect(`leaf k-${item.kind}${only && only !== item.kind ? " off" : ""}`, x, y, w, h);
        shape.dataset.item = node.item;
        // Not across the group's own name.
        const isClear = x > corner.x + 170 || y + h > corner.y + 84;
        if (!isLeaf && w > 48 && h > 40 && isClear) names.push([item.name, x + 8, y + h - 9, w - 14]);
      };
      const within = (node, x, y, w, h, depth) => {
        if (node.item !== undefined) return leaf(node, x, y, w, h);
        if (depth > 0) later.unshift([depth === 1 ? "edge inner" : "edge inmost", x, y, w, h]);
        squarify(node.children, x, y, w, h, (next, ...place) => within(next, ...place, depth + 1));
      };
      within(child, x, y, w, h, 0);
      later.forEach((edge) => rect(...edge));
      rect("edge outer", x, y, w, h);
      names.forEach((name) => label(group, "part", ...name));
      rect("ring", x + 1.5, y + 1.5, Math.max(w - 3, 0), Math.max(h - 3, 0));
      const named = w > 40 && h > 22 && label(group, "name", child.name, x + 8, y + 18, w - 16);
      const sized = named && h > 42 && label(group, "size", `${size(child.bytes)} · ${share(child.bytes, current.bytes)}`, x + 8, y + 34, w - 16);
      if (named && !isLeaf) {
        const below = y + (sized ? 40 : 24);
        squarify(child.children, x, y, w, h, (next, nx, ny, nw, nh) => {
          const top = Math.max(ny, nx < x + w / 2 ? below : ny);
          if (nw > 56 && ny + nh - top > 26) label(group, "part", next.name, nx + 8, top + 16, nw - 14);
        });
      }
      group.addEventListener("click", () => enter(child));
      group.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enter(child, "first"); }
      });
      group.addEventListener("focus", () => {
        if (group.matches(":focus-visible")) { const at = group.getBoundingClientRect(); describe(child, null, at.left + 14, at.top + 40); }
      });
      group.addEventListener("blur", () => { tip.hidden = true; });
      group.node = child;
      map.append(group);
    });
  };

  const describe = (node, at, x, y) => {
    tip.replaceChildren();
    const line = (text, tag = "div") => { if (text) tip.append(make(tag, {}, text)); };
    if (at === null && node.item !== undefined) at = node.item;
    if (at === null) {
      line(node.name, "b");
      line(`${size(node.bytes)} · ${share(node.bytes, root.bytes)} of everything · ${node.leaves.length} item${node.leaves.length === 1 ? "" : "s"}`);
    } else {
      const item = items[at];
      line(item.name, "b");
      line(`${size(item.bytes)} in ${item.files} file${item.files === 1 ? "" : "s"} · ${item.label}`);
      line(item.group);
      line(`${item.profile} · ${item.toolchain}`);
      line(item.features && `features: ${item.features}`);
      line(item.built && `built ${item.built} UTC`);
      line(item.path);
      line(item.why);
    }
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(x, innerWidth - box.width - 8));
    const top = y + box.height + 8 > innerHeight ? Math.max(8, y - box.height - 30) : y;
    tip.style.transform = `translate(${left}px, ${top}px)`;
  };

  const zoom = (node, focus) => {
    const from = current;
    current = node;
    tip.hidden = true;
    draw();
    crumbs();
    filter();
    if (focus === "first") map.querySelector(".node")?.focus();
    if (focus === "from") {
      const groups = [...map.querySelectorAll(".node")];
      const inside = (group) => { for (let at = from; at; at = at.up) if (at === group.node) return true; return false; };
      (groups.find(inside) ?? groups[0])?.focus();
    }
  };
  const enter = (child, focus) => {
    if (child.item === undefined) return zoom(descend(child), focus);
    const row = rows[child.item].row;
    document.querySelectorAll("tr.marked").forEach((marked) => marked.classList.remove("marked"));
    row.hidden = false;
    row.classList.add("marked");
    row.scrollIntoView({ block: "center" });
  };
  const isChoice = (node) => descend(node) === node;
  const leave = (focus) => {
    let node = current.up;
    while (node && !isChoice(node)) node = node.up;
    if (node) zoom(node, focus);
  };
  const crumbs = () => {
    const way = [];
    for (let node = current; node; node = node.up) way.unshift(node);
    byId("crumbs").replaceChildren(...way.map((node) => {
      const step = make("li");
      if (node === current) step.append(make("span", { "aria-current": "location" }, node.name));
      else if (isChoice(node)) {
        const button = make("button", { type: "button" }, node.name);
        button.addEventListener("click", () => zoom(node, "from"));
        step.append(button);
      } else step.append(make("span", {}, node.name));
      return step;
    }));
    byId("zoomed").textContent = `${size(current.bytes)} · ${share(current.bytes, root.bytes)} · ${current.leaves.length} items`;
  };

  map.addEventListener("mousemove", (event) => {
    const at = event.target.dataset?.item;
    if (at === undefined) tip.hidden = true;
    else describe(null, Number(at), event.clientX + 16, event.clientY + 18);
  });
  map.addEventListener("mouseleave", () => { tip.hidden = true; });
  map.addEventListener("keydown", (event) => {
    const groups = [...map.querySelectorAll(".node")];
    const at = groups.indexOf(document.activeElement);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key === "Escape" || event.key === "Backspace") { event.preventDefault(); leave("from"); }
    else if (event.key in steps && at >= 0) {
      event.preventDefault();
      groups[(at + steps[event.key] + groups.length) % groups.length].focus();
    }
  });

  // ---- the legend ----
  const kinds = new Map();
  items.forEach((item) => {
    const kind = kinds.get(item.kind) ?? { label: item.label, bytes: 0 };
    kind.bytes += item.bytes;
    kinds.set(item.kind, kind);
  });
  [...kinds].sort((a, b) => b[1].bytes - a[1].bytes).forEach(([slug, kind]) => {
    const button = make("button", { type: "button", "aria-pressed": "false" });
    button.append(make("i", { class: `dot k-${slug}` }), kind.label, make("span", {}, size(kind.bytes)));
    button.addEventListener("click", () => {
      only = only === slug ? null : slug;
      byId("legend").querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button && only === slug)));
      draw();
      filter();
    });
    byId("legend").append(button);
  });

  // ---- the table ----
  const body = byId("rows");
  const rows = [...body.rows].map((row, at) => ({ row, at, text: `${row.textContent} ${items[at].path}`.toLowerCase() }));
  const keys = [...document.querySelectorAll("thead th")].map((cell) => cell.dataset.key);
  const numbers = new Set(["bytes", "files"]);
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const sort = (key, down) => {
    const value = ({ at }) => items[at][key] ?? "";
    const compare = numbers.has(key) ? (a, b) => value(a) - value(b) : (a, b) => order.compare(value(a), value(b));
    const sorted = [...rows].sort((a, b) => (down ? -1 : 1) * compare(a, b) || a.at - b.at);
    body.append(...sorted.map(({ row }) => row));
  };
  document.querySelectorAll("thead th").forEach((cell, column) => {
    const key = keys[column];
    const button = make("button", { type: "button" }, cell.textContent);
    cell.replaceChildren(button);
    button.addEventListener("click", () => {
      const before = cell.getAttribute("aria-sort");
      const down = before ? before === "ascending" : numbers.has(key) || key === "built";
      document.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(key, down);
    });
  });
  const filter = () => {
    const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const inside = new Set(current.leaves);
    let count = 0;
    let bytes = 0;
    for (const { row, at, text } of rows) {
      const shown = inside.has(at) && (!only || items[at].kind === only) && words.every((word) => text.includes(word));
      row.hidden = !shown;
      if (shown) { count += 1; bytes += items[at].bytes; }
    }
    byId("count").textContent = `${count} of ${items.length} · ${size(bytes)}`;
  };
  byId("filter").addEventListener("input", filter);

  document.querySelectorAll("[data-script]").forEach((element) => { element.hidden = false; });
  if (root.bytes === 0) byId("view").hidden = true;
  new ResizeObserver(draw).observe(map);
  crumbs();
  filter();
})();
