/* Places of incidents as circles that gather what lies within one cell of the screen; only internal pages have any. */
const AwsdPoints = (() => {
  const { make, decode } = awsdShapes;
  const CELL = 46; // pixels
  const APART = 30; // pixels between the middles of two circles at least: the line between two cells parts no group
  const BIGGEST = 20; // radius
  const DIGIT = 7.5; // width

  return class {
    constructor(app) {
      this.app = app;
      this.group = L.layerGroup().addTo(app.map);
      this.circles = [];
    }

    /* Where no label may stand. */
    boxes() {
      return this.circles.map(({ at, radius }) => {
        const { x, y } = this.app.map.latLngToContainerPoint(at);
        return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
      });
    }

    /* Put all points through the projection once, as numbers of the world at zoom 0. */
    project(layer) {
      if (layer.world) return layer.world;
      const steps = decode(layer.points), { scale } = this.app.data;
      const world = new Float64Array(steps.length);
      let x = 0, y = 0;
      for (let i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        const sine = Math.sin(Math.max(-85, Math.min(85, y / scale)) * Math.PI / 180);
        world[i] = 256 * (x / scale / 360 + 0.5);
        world[i + 1] = 256 * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
      }
      layer.world = world;
      return world;
    }

    gather(world, times) {
      const cells = new Map();
      for (let i = 0; i < world.length; i += 2) {
        const x = world[i] * times, y = world[i + 1] * times;
        const key = Math.floor(x / CELL) * 1e7 + Math.floor(y / CELL);
        const cell = cells.get(key);
        if (cell) { cell.n += 1; cell.x += x; cell.y += y; } else cells.set(key, { n: 1, x, y });
      }
      return this.merge([...cells.values()].sort((one, two) => two.n - one.n));
    }

    merge(cells) {
      const kept = [];
      for (const cell of cells) {
        const near = kept.find((other) => Math.hypot(other.x / other.n - cell.x / cell.n,
          other.y / other.n - cell.y / cell.n) < APART);
        if (near) { near.n += cell.n; near.x += cell.x; near.y += cell.y; } else kept.push(cell);
      }
      return kept;
    }

    follow() {
      const { layer, map } = this.app;
      this.group.clearLayers();
      this.circles = [];
      if (!layer.points) return;
      const zoom = map.getZoom(), cells = this.gather(this.project(layer), 2 ** zoom);
      const most = Math.max(...cells.map((cell) => cell.n));
      cells.sort((one, two) => two.n - one.n);
      for (const { n, x, y } of cells) {
        const at = map.unproject([x / n, y / n], zoom), radius = 4 + (BIGGEST - 4) * Math.sqrt(n / most);
        this.circles.push({ at, radius });
        L.circleMarker(at, { pane: "awsd-points", radius, className: "awsd-point", interactive: false }).addTo(this.group);
        if (2 * radius < DIGIT * String(n).length + 4) continue; // no room for its number
        const icon = L.divIcon({ html: make("span", "awsd-many", String(n)), className: "awsd-anchor", iconSize: [0, 0] });
        L.marker(at, { icon, pane: "awsd-points-text", interactive: false, keyboard: false }).addTo(this.group);
      }
    }
  };
})();
