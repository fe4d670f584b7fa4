/* The years: a slider with play and pause, and small charts of a region's or the country's years. */
const AwsdTime = (() => {
  const { make, draw, fill } = awsdShapes;
  const STEP = 1100; // milliseconds a year is shown for while playing
  const CHART = { width: 264, height: 62, foot: 14, head: 13 };

  return class {
    constructor(app) {
      this.app = app;
      this.box = app.root.querySelector(".awsd-time");
      if (!this.box) return;
      this.slider = this.box.querySelector("input");
      this.button = this.box.querySelector("button");
      this.slider.value = "0"; // a browser may restore another position
      this.slider.addEventListener("input", () => { this.pause(); app.setYear(Number(this.slider.value) - 1); });
      this.button.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
      this.still = matchMedia("(prefers-reduced-motion: reduce)");
      this.still.addEventListener("change", () => this.follow());
      const { years } = app.data, ticks = make("div", "awsd-ticks");
      ticks.setAttribute("aria-hidden", "true");
      ["↔", ...years].forEach((text, place) => {
        const tick = make("span", "", years.length > 9 && place > 1 && place < years.length ? "" : text);
        ticks.append(tick);
      });
      this.slider.after(ticks);
    }

    /* Show the position, and whether the layer has years at all. */
    follow() {
      if (!this.box) return;
      const { app } = this, { words } = app.data, can = Boolean(app.layer.years);
      if (!can) this.pause();
      const text = app.period();
      this.slider.value = String(app.year + 1);
      this.slider.setAttribute("aria-valuetext", text);
      this.slider.disabled = !can;
      this.button.disabled = !can;
      this.button.hidden = this.still.matches; // no movement for those who asked for none; the slider does the same
      this.box.querySelector("output").textContent = text;
      this.box.querySelector(".awsd-only").textContent = can ? "" : words.only_whole;
    }

    play() {
      const { app } = this, last = app.data.years.length - 1;
      this.button.textContent = app.data.words.pause;
      const step = () => {
        app.setYear(app.year >= last ? 0 : app.year + 1);
        if (app.year >= last) this.pause();
      };
      this.timer = setInterval(step, STEP);
      step();
    }

    pause() {
      clearInterval(this.timer);
      this.timer = null;
      this.button.textContent = this.app.data.words.play;
    }

    /* Bars by year: of one region, or of all together. */
    chart(region) {
      const { app } = this, { data } = app;
      const layer = app.layer.years ? app.layer : data.layers.find((each) => each.years);
      if (!layer || data.years.length < 2) return [];
      const all = (values) => (layer.hides && values.includes(null) ? null // no sum of what is left
        : values.reduce((sum, value) => sum + (value || 0), 0));
      const numbers = layer.years.map((year) => (region === null ? all(year.values) : year.values[region]));
      const shown = numbers.map((value, place) => {
        if (region === null || value === null) return value === null ? layer.missing : String(value);
        return layer.years[place].shown ? layer.years[place].shown[region] : String(value);
      });
      const title = fill(data.words.by_year, { what: layer.title });
      const who = region === null ? data.words.all_regions : data.regions[region].name;
      const said = data.years.map((year, place) => `${year}${data.words.colon} ${shown[place]}`).join(", ");
      const picture = this.bars(numbers, shown, layer.hides);
      picture.setAttribute("aria-label", `${who}. ${title}. ${said}`);
      const box = make("figure", "awsd-chart");
      box.append(make("figcaption", "", region === null ? `${title} · ${who}` : title), picture);
      return [box];
    }

    bars(numbers, shown, hides) {
      const { years } = this.app.data, { width, height, foot, head } = CHART;
      const top = Math.max(...numbers.map((value) => value || 0), 1e-9), step = width / years.length;
      const picture = draw("svg", { viewBox: `0 0 ${width} ${height + foot}`, role: "img", class: "awsd-bars" });
      years.forEach((year, place) => {
        const hidden = hides && numbers[place] === null; // hatched as on the map, whatever the number is
        const long = hidden ? 0.5 * height : (numbers[place] || 0) / top * (height - head), middle = (place + 0.5) * step;
        const now = place === this.app.year ? " awsd-bar-now" : "";
        const bar = { x: middle - 0.36 * step, width: 0.72 * step, y: height - Math.max(long, 0.75), height: Math.max(long, 0.75) };
        picture.append(draw("rect", hidden ? { ...bar, fill: `url(#${this.app.hatchOf("")})` } : { class: "awsd-bar-of" + now, ...bar }));
        if (years.length <= 12 && !hidden) {
          picture.append(draw("text", { x: middle, y: height - long - 3, class: "awsd-bar-text" }, shown[place]));
        }
        if (years.length <= 8 || place === 0 || place === years.length - 1) {
          picture.append(draw("text", { x: middle, y: height + 11, class: "awsd-bar-year" + now }, String(year)));
        }
      });
      return picture;
    }
  };
})();
