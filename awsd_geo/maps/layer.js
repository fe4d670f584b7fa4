/* The region layer of awsd_geo: draws the JSON payload of a page on a Leaflet map and holds its parts together. */
const awsdGeoMap = (() => {
  const { make, line, polygons, around, hatch, fill } = awsdShapes;
  const SMALL = 18; // a region whose longer side is fewer pixels gets a ring,
  const MARGIN = 12; // pixels around the country
  const MOST_RINGS = 6; // unless so many are small that rings would hide the map
  const PANES = [["around", 250], ["finer", 405], ["rings", 420], ["clusters", 440], ["outline", 450], ["points", 455],
    ["points-text", 615], ["labels", 620]];

  class RegionMap {
    constructor(map, ident) {
      this.map = map;
      this.ident = ident;
      this.root = document.getElementById("awsd-" + ident);
      this.unit = this.letters();
      this.data = JSON.parse(document.getElementById("data-" + ident).textContent);
      this.arcs = this.data.arcs.map((text) => line(text, this.data.scale));
      this.panel = document.getElementById("panel-" + ident);
      this.layer = this.data.layers[0];
      this.year = -1; // the whole period
      this.chosen = null;
      this.open = false; // all numbers of the panel
      this.moved = false;
      this.setUpMap();
      this.drawSurroundings();
      this.setView(); // before the regions are drawn, so that they are projected once
      this.drawRegions();
      this.outlines = { hover: this.makeOutline("hover"), chosen: this.makeOutline("chosen") };
      this.labels = new AwsdLabels(this);
      this.time = new AwsdTime(this);
      this.search = new AwsdSearch(this);
      this.table = new AwsdTable(this);
      this.picture = new AwsdPicture(this);
      this.points = new AwsdPoints(this);
      this.show(0);
      this.listen();
      this.root.querySelector(".awsd-wait").remove();
      this.root.dataset.ready = "true";
    }

    // --- the map itself -------------------------------------------------------------------------------------------

    setUpMap() {
      const { map, data } = this, words = data.words;
      for (const [name, level] of PANES) {
        map.createPane("awsd-" + name).style.zIndex = level;
        map.getPane("awsd-" + name).style.pointerEvents = "none";
      }
      this.bounds = L.latLngBounds(data.bounds);
      this.tip = L.tooltip({ className: "awsd-tip", opacity: 1, direction: "auto", offset: [14, 0] });
      if (L.Browser.mobile) map.dragging.disable(); // one finger scrolls the page, two move the map
      L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
      const whole = make("button", "awsd-whole", "⤢");
      whole.type = "button";
      whole.title = words.whole;
      whole.setAttribute("aria-label", words.whole);
      whole.addEventListener("click", () => { this.moved = false; this.fit(); });
      map.getContainer().querySelector(".leaflet-control-zoom").append(whole);
      L.DomEvent.disableClickPropagation(whole);
      L.control.scale({ imperial: false, maxWidth: 120 * this.unit }).addTo(map);
    }

    /* Large letters, as on wide screens, go with large signs. */
    letters() {
      return Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
    }

    rescale() {
      if (this.unit === this.letters()) return;
      this.unit = this.letters();
      this.dots.forEach((dot) => dot.setRadius(2.2 * this.unit));
      this.shapes.forEach(({ ring }) => { if (ring) ring.setRadius(8 * this.unit); });
      for (const part of Object.values(this.outlines).flat()) part.ring.setRadius(11 * this.unit);
    }

    /* Fit the country into the frame; false where that is hidden or just being laid out and nothing fits. */
    setView() {
      const { x, y } = this.map.getSize();
      if (Math.min(x, y) <= 2 * MARGIN) return false;
      this.map.setMaxBounds(null).setMinZoom(0);
      this.map.fitBounds(this.bounds, { padding: [MARGIN, MARGIN], animate: false });
      this.home = this.map.getZoom();
      this.map.setMinZoom(this.home);
      this.hold();
      return true;
    }

    fit() {
      if (this.setView()) this.arrange();
    }

    hold() { // the reader cannot lose the country
      this.map.setMaxBounds(L.latLngBounds(this.extent.getSouthWest(), this.extent.getNorthEast())
        .extend(this.map.getBounds().pad(0.02)));
    }

    bringIntoView(index, focus = false) {
      const shape = this.shapes[index].shape, frame = this.map.getContainer().getBoundingClientRect();
      if (frame.bottom < 60 || frame.top > innerHeight - 60) {
        this.map.getContainer().scrollIntoView({ block: "center" });
      }
      if (!this.map.getBounds().pad(-0.05).contains(shape.getBounds())) {
        this.map.panTo(shape.getBounds().getCenter(), { animate: false });
      }
      if (focus) shape.getElement().focus({ preventScroll: true });
      this.makeRoom();
    }

    // --- shapes ---------------------------------------------------------------------------------------------------

    drawSurroundings() {
      const { data, map } = this, extent = this.bounds.pad(0.02);
      const { arcs, units } = data.neighbours || { arcs: [], units: [] };
      const lines = arcs.map((text) => line(text, data.scale));
      this.around = [];
      for (const country of units) {
        const shape = L.polygon(polygons(country.rings, lines),
          { pane: "awsd-around", className: "awsd-neighbour", interactive: false, smoothFactor: 0.5 });
        extent.extend(shape.getBounds());
        this.around.push(shape.addTo(map));
      }
      this.extent = extent;
    }

    drawRegions() {
      const { data, map } = this;
      this.shapes = data.regions.map((region, index) => {
        const shape = L.polygon(polygons(region.rings, this.arcs), { className: "awsd-region", smoothFactor: 0.5 });
        this.answer(shape.addTo(map), index);
        this.makeButton(shape.getElement(), index);
        return { shape, ring: null, small: false, style: "" };
      });
      if (data.finer.length) {
        L.polyline(data.finer.map((text) => line(text, data.scale)),
          { pane: "awsd-finer", className: "awsd-finer", interactive: false, smoothFactor: 0.5 }).addTo(map);
      }
      this.dots = data.towns.map((town) => L.circleMarker(town.at,
        { pane: "awsd-outline", radius: 2.2 * this.unit, className: "awsd-dot", interactive: false }).addTo(map));
      this.clusters = L.layerGroup().addTo(map);
      this.addHatches();
    }

    addHatches() {
      const defs = document.createElementNS("http://www.w3.org/2000/svg", "defs"), seen = new Set();
      defs.append(hatch("hatch-" + this.ident, "none", ""));
      for (const [style, , kind] of this.data.layers.flatMap((layer) => layer.classes)) {
        if (!kind || seen.has(style)) continue;
        seen.add(style);
        defs.append(hatch(this.hatchOf(style), kind, style));
      }
      this.shapes[0].shape.getElement().ownerSVGElement.prepend(defs);
    }

    hatchOf(style) {
      return `hatch-${this.ident}${style ? "-" + style : ""}`;
    }

    answer(part, index) {
      part.on("click", (event) => { L.DomEvent.stop(event); this.choose(index); });
      part.on("mouseover mousemove", (event) => this.hover(index, event.latlng));
      part.on("mouseout", () => this.hover(null));
    }

    /* A ring around a region too small to see; made when it is first needed. */
    ringOf(each, index) {
      if (!each.ring) {
        each.ring = L.circleMarker(this.data.regions[index].at,
          { pane: "awsd-rings", radius: 8 * this.unit, className: "awsd-region awsd-ring" }).addTo(this.map);
        this.answer(each.ring, index);
        each.ring.getElement().setAttribute("aria-hidden", "true");
        this.paint(each);
      }
      return each.ring;
    }

    makeButton(path, index) {
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.setAttribute("aria-controls", this.panel.id);
      path.setAttribute("aria-expanded", "false");
      path.addEventListener("focus", () => { if (path.matches(":focus-visible")) this.outline("hover", index, true); });
      path.addEventListener("blur", () => this.outline("hover", null));
      path.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        this.choose(index);
      });
    }

    makeOutline(name) {
      const style = { pane: "awsd-outline", fill: false, interactive: false };
      return ["case", "line"].map((part) => ({
        shape: L.polygon([], { ...style, className: `awsd-${name} awsd-${part}`, smoothFactor: 0.5 }).addTo(this.map),
        ring: L.circleMarker([0, 0], { ...style, radius: 11 * this.unit, className: `awsd-${name} awsd-${part}` }),
      }));
    }

    hover(index, latlng) {
      this.outline("hover", index);
      if (index === null || L.Browser.mobile) this.tip.remove();
      else this.tip.setContent(this.hint(index)).setLatLng(latlng).addTo(this.map);
    }

    /* Draw a line of two colours around a region. The region itself stays where it is in the page: moving it to the
     * front would take the focus from it and change the order of the Tab key. */
    outline(name, index, focus = false) {
      const target = index === null ? null : this.shapes[index];
      for (const part of this.outlines[name]) {
        part.shape.setLatLngs(target && !target.small ? target.shape.getLatLngs() : []);
        if (target && target.small) part.ring.setLatLng(target.ring.getLatLng()).addTo(this.map);
        else part.ring.remove();
        for (const drawn of [part.shape, part.ring]) {
          const path = drawn.getElement();
          if (path) path.classList.toggle("awsd-focus", focus);
        }
      }
    }

    /* Lines around groups of regions, such as clusters, each with its mark at its northernmost vertex. */
    drawClusters() {
      this.clusters.clearLayers();
      for (const group of this.layer.outlines) {
        const lines = around(group.regions.map((index) => this.data.regions[index]), this.arcs);
        for (const part of ["case", "line"]) {
          L.polyline(lines, { pane: "awsd-clusters", interactive: false, smoothFactor: 0.5,
            className: `awsd-cluster awsd-cluster-${part}${group.faint ? " awsd-faint" : ""}` }).addTo(this.clusters);
        }
        const top = lines.flat().reduce((best, point) => (point[0] > best[0] ? point : best), [-91, 0]);
        const badge = make("div", "awsd-badge" + (group.faint ? " awsd-faint" : ""));
        badge.setAttribute("aria-hidden", "true"); // legend and table say it
        badge.append(make("span", "", group.mark));
        const icon = L.divIcon({ html: badge, className: "awsd-anchor", iconSize: [0, 0] });
        L.marker(top, { icon, pane: "awsd-labels", interactive: false, keyboard: false }).addTo(this.clusters);
      }
    }

    arrange() {
      this.rescale();
      this.shapes.forEach((each) => {
        const bounds = each.shape.getBounds();
        const size = this.map.latLngToLayerPoint(bounds.getSouthEast())
          .subtract(this.map.latLngToLayerPoint(bounds.getNorthWest()));
        each.width = size.x;
        each.small = Math.max(size.x, size.y) < SMALL * this.unit;
      });
      const many = this.shapes.filter((each) => each.small).length > MOST_RINGS;
      this.shapes.forEach((each, index) => {
        each.small = each.small && !many;
        if (each.small || each.ring) this.ringOf(each, index).getElement().classList.toggle("awsd-off", !each.small);
      });
      this.labels.arrange();
    }

    // --- layers ---------------------------------------------------------------------------------------------------

    listen() {
      const inputs = this.root.querySelectorAll(".awsd-switch input");
      inputs.forEach((input) => input.addEventListener("change", () => this.show(Number(input.value))));
      inputs[0].checked = true; // a browser may restore another one
      this.root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
      this.map.on("click", () => this.choose(null));
      this.map.on("zoomend", () => { this.hover(null); this.outline("chosen", this.chosen); this.points.follow(); });
      this.map.on("zoomend moveend", () => this.arrange());
      this.map.on("dragstart dblclick", () => { this.moved = true; });
      this.map.getContainer().querySelectorAll(".leaflet-control-zoom a")
        .forEach((link) => link.addEventListener("click", () => { this.moved = true; }));
      new ResizeObserver(() => this.resize()).observe(this.map.getContainer());
      addEventListener("beforeprint", () => this.print(true));
      addEventListener("afterprint", () => this.print(false));
    }

    print(begins) { // no ResizeObserver runs while a page is printed, so frame and letters take their printed size before
      const letters = getComputedStyle(this.root).getPropertyValue("--print-letters").trim();
      document.documentElement.style.fontSize = begins ? letters : "";
      this.root.classList.toggle("awsd-printing", begins);
      this.resize();
    }

    resize() {
      const { x, y } = this.map.getSize().clone(), size = `${x} ${y}`;
      this.map.setMaxBounds(null); // bounds made for the old size would start a slide away from the new view
      this.map.invalidateSize({ animate: false, pan: this.moved });
      const after = this.map.getSize();
      if (this.home !== undefined && size === `${after.x} ${after.y}`) this.hold(); // nothing changed
      else if (!this.moved) this.fit();
      else this.hold();
    }

    show(number) {
      this.layer = this.data.layers[number];
      if (!this.layer.years) this.year = -1;
      this.legend(this.layer);
      this.drawClusters();
      this.points.follow();
      this.follow();
    }

    setYear(place) {
      this.year = place;
      this.follow();
    }

    /* Name the position of the slider. */
    period() {
      const { words, years } = this.data;
      return this.year < 0 ? words.whole_period : fill(words.year_numbers, { year: years[this.year] });
    }

    /* Show the layer at the position of the slider: map, labels, panel and table. */
    follow() {
      const { layer, year } = this, of = year < 0 ? null : layer.years[year];
      const shown = !of ? layer.shown : of.shown || of.values.map((value) => (value === null ? layer.missing : String(value)));
      this.now = !of ? layer : { index: of.index, values: of.values, shown,
        marks: shown.map((text, place) => (of.index[place] < 0 ? "" : text)) };
      const when = of ? ` (${this.data.years[year]})` : "";
      this.shapes.forEach((each, index) => {
        each.style = this.styleOf(index);
        this.paint(each);
        each.shape.getElement().setAttribute("aria-label",
          `${this.data.regions[index].name}, ${layer.title}${when}: ${shown[index]}`);
      });
      this.fillPanel();
      this.time.follow();
      this.table.follow();
      this.arrange();
    }

    styleOf(index) {
      const place = this.now.index[index];
      return place < 0 ? "" : this.layer.classes[place][0];
    }

    /* A class with a hatch, and no data, are patterns; the others are colours of the stylesheet. */
    paint(each) {
      const hatched = !each.style || this.layer.classes.some(([style, , kind]) => kind && style === each.style);
      for (const part of [each.shape, each.ring]) {
        if (!part) continue;
        const path = part.getElement();
        if (path.dataset.style) path.classList.remove(path.dataset.style);
        path.dataset.style = hatched ? "" : each.style;
        path.setAttribute("fill", hatched ? `url(#${this.hatchOf(each.style)})` : "none"); // else the stylesheet's
        if (!hatched) path.classList.add(each.style);
      }
    }

    // --- the legend -----------------------------------------------------------------------------------------------

    key(style, kind) {
      const key = make("span", `awsd-key ${style || "awsd-key-none"}${kind ? " awsd-key-" + kind : ""}`);
      if (kind || !style) key.dataset.hatch = this.hatchOf(style);
      return key;
    }

    legend(layer) {
      const list = make("ul");
      const add = (key, text, className = "") => {
        const row = make("li", className);
        row.append(key, make("span", "", text));
        list.append(row);
      };
      const gridded = layer.grid ? 9 : 0;
      layer.classes.forEach(([style, text, kind], place) => {
        if (place < gridded || (layer.zero && place === 0)) return; // no region is at zero: no key for it
        add(this.key(style, kind), text);
      });
      const lacks = (each) => each.index.includes(-1);
      if (lacks(layer) || (layer.hides && layer.years?.some(lacks))) add(this.key("", ""), layer.missing);
      for (const group of layer.outlines) {
        add(make("span", "awsd-key awsd-badge" + (group.faint ? " awsd-faint" : ""), group.mark), group.text, "awsd-group");
      }
      const parts = [make("h3", "", layer.unit || layer.title), ...(layer.grid ? [this.grid(layer)] : []), list];
      if (layer.description) parts.push(make("p", "", layer.description));
      for (const note of layer.notes) parts.push(make("p", "awsd-layer-note", note));
      this.root.querySelector(".awsd-legend").replaceChildren(...parts);
    }

    /* Two sides at once: sizes down, ways across. */
    grid({ grid: [rows, columns], classes }) {
      const table = make("table", "awsd-grid"), head = make("tr");
      head.append(make("td"), ...columns.map((text) => make("th", "", text)));
      head.querySelectorAll("th").forEach((cell) => { cell.scope = "col"; });
      const lines = rows.map((text, row) => {
        const tr = make("tr"), th = make("th", "", text);
        th.scope = "row";
        tr.append(th, ...columns.map((_, column) => {
          const [style, said, kind] = classes[3 * row + column], cell = make("td"), box = make("div", "awsd-legend-row");
          box.append(this.key(style, kind), make("span", "awsd-hidden", said));
          cell.append(box);
          return cell;
        }));
        return tr;
      });
      table.append(head, ...lines.reverse());
      return table;
    }

    // --- the panel ------------------------------------------------------------------------------------------------

    choose(index) {
      const before = this.chosen;
      this.chosen = index;
      this.outline("chosen", index);
      for (const place of [before, index]) {
        if (place !== null) this.shapes[place].shape.getElement().setAttribute("aria-expanded", String(place === index));
      }
      this.table.mark(index);
      this.fillPanel();
      this.makeRoom();
    }

    /* On a phone the panel lies over the foot of the page: scroll the map above it. */
    makeRoom() {
      if (this.chosen === null || getComputedStyle(this.panel).position !== "fixed") return;
      const frame = this.map.getContainer().getBoundingClientRect();
      const hidden = frame.bottom - this.panel.getBoundingClientRect().top;
      if (hidden > 0) scrollBy(0, Math.min(hidden + 8, frame.top - 8));
    }

    close() {
      const region = this.chosen;
      if (region === null) return;
      this.choose(null);
      if (this.panel.contains(document.activeElement) || document.activeElement === document.body) {
        this.shapes[region].shape.getElement().focus();
      }
    }

    fillPanel() {
      const { panel, chosen, data, layer } = this;
      panel.classList.toggle("awsd-open", chosen !== null);
      if (chosen === null) {
        panel.replaceChildren(make("p", "awsd-hint", data.words.hint), ...this.time.chart(null));
        return;
      }
      const kept = panel.contains(document.activeElement) ? document.activeElement.className : "";
      const region = data.regions[chosen], reason = layer.reasons[chosen];
      const parts = [this.panelHead(chosen), ...this.rank(chosen), ...this.time.chart(chosen), ...this.numbers(region)];
      if (reason) parts.push(make("p", "awsd-reason", reason));
      if (this.table.box) {
        const link = make("button", "awsd-to-table", data.words.to_table);
        link.type = "button";
        link.addEventListener("click", () => this.table.go(chosen));
        parts.push(link);
      }
      panel.replaceChildren(...parts);
      if (kept) panel.getElementsByClassName(kept)[0]?.focus();
    }

    panelHead(chosen) {
      const region = this.data.regions[chosen], head = make("div", "awsd-panel-head"), title = make("h3", "", region.name);
      title.append(make("small", "", region.kind));
      const button = make("button", "awsd-close", "×");
      button.type = "button";
      button.setAttribute("aria-label", this.data.words.close);
      button.addEventListener("click", () => {
        this.choose(null);
        this.shapes[chosen].shape.getElement().focus({ preventScroll: true });
      });
      head.append(title, button);
      return head;
    }

    /* The place of a region among all, where its value is over zero. */
    rank(chosen) {
      const { values } = this.now, { words } = this.data;
      if (!values || !(values[chosen] > 0)) return [];
      const rank = 1 + values.filter((value) => value > values[chosen]).length;
      const tied = values.filter((value) => value === values[chosen]).length > 1;
      const total = values.filter((value) => value !== null).length;
      if (this.layer.hides && values.includes(null)) { // a number that is not shown may be larger
        return [make("p", "awsd-rank", `${this.layer.title}${words.colon} ${this.now.shown[chosen]}`)];
      }
      const text = fill(tied ? words.rank_tied : words.rank, { rank, total });
      return [make("p", "awsd-rank", `${this.layer.title}${words.colon} ${this.now.shown[chosen]} · ${text}`)];
    }

    numbers(region) {
      const { data, year } = this;
      const list = (rows, whole = false) => {
        const box = make("dl");
        for (const row of rows) {
          const [place, heading] = data.headings[row], yearly = !whole && year >= 0 && data.yearly[row];
          const pair = make("div", data.layers[place] === this.layer ? "awsd-now" : "");
          pair.append(make("dt", "", heading), make("dd", "", yearly ? yearly[year][this.chosen] : region.facts[row]));
          box.append(pair);
        }
        return box;
      };
      const own = (row) => [0, data.layers.indexOf(this.layer)].includes(data.headings[row][0]);
      const all = data.headings.map((_, row) => row), rest = all.filter((row) => !own(row));
      const parts = [];
      if (year < 0) parts.push(list(all.filter(own)));
      else {
        parts.push(make("p", "awsd-when", this.period()), list(all.filter((row) => own(row) && data.yearly[row])));
      }
      const still = year < 0 ? rest : all.filter((row) => !data.yearly[row]);
      if (still.length) {
        const more = make("details"), whole = data.years.length ? ` · ${data.words.whole_period}` : "";
        more.open = this.open;
        more.addEventListener("toggle", () => { this.open = more.open; });
        more.append(make("summary", "", data.words.all_numbers + whole), list(still, true));
        parts.push(more);
      }
      return parts;
    }

    hint(index) {
      const box = make("div");
      box.append(make("strong", "", this.data.regions[index].name),
        make("span", "", `${this.layer.title}: ${this.now.shown[index]}`));
      return box;
    }
  }

  return (map, ident) => new RegionMap(map, ident);
})();
