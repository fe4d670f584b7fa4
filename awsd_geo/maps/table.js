/* The table under the map: it follows the slider, leads to the map and back, and can be saved as CSV. */
const AwsdTable = (() => {
  const { make, fill } = awsdShapes;
  const LATER = 1500; // milliseconds after which a long table is made, the map being ready long before
  const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would run

  return class {
    constructor(app) {
      this.app = app;
      this.box = document.getElementById("rows-" + app.ident);
      if (!this.box) return;
      const empty = this.box.querySelector(".awsd-later");
      if (!empty) this.adopt();
      else { // a long table stands in the page for readers without scripts only; here it is made when there is time
        const idle = window.requestIdleCallback || ((work) => work());
        setTimeout(() => idle(() => this.build(empty)), LATER);
        new IntersectionObserver((seen, observer) => {
          if (!seen[0].isIntersecting) return;
          observer.disconnect();
          idle(() => this.build(empty), { timeout: LATER });
        }).observe(empty);
      }
    }

    build(empty) {
      if (this.rows) return;
      const { data } = this.app, head = make("thead"), body = make("tbody"), line = make("tr");
      const cell = (tag, text, scope) => {
        const made = make(tag, "", text);
        if (scope) made.scope = scope;
        return made;
      };
      line.append(cell("th", data.words.table_region, "col"), ...data.headings.map(([, text]) => cell("th", text, "col")));
      head.append(line);
      for (const region of data.regions) {
        const row = make("tr");
        row.append(cell("th", region.name, "row"), ...region.facts.map((text) => cell("td", text)));
        body.append(row);
      }
      empty.append(head, body);
      this.adopt();
      this.year = undefined;
      this.follow();
      this.mark(this.app.chosen);
    }

    adopt() {
      const { app } = this;
      this.heads = [...this.box.querySelectorAll("thead th")].slice(1);
      this.rows = [...this.box.querySelectorAll("tbody tr")].map((row, index) => {
        const head = row.querySelector("th"), button = make("button", "awsd-row", app.data.regions[index].name);
        button.type = "button";
        button.title = fill(app.data.words.to_map, { name: app.data.regions[index].name });
        button.addEventListener("click", () => { app.choose(index); app.bringIntoView(index, true); });
        head.replaceChildren(button);
        return { row, button, cells: [...row.querySelectorAll("td")] };
      });
    }

    /* Write the numbers of the year; columns that are known for the whole period only are left out meanwhile. */
    follow() {
      if (!this.box) return;
      const { data, year } = this.app, before = this.year;
      this.year = year;
      this.box.querySelector(".awsd-period").textContent = data.years.length ? this.app.period() : "";
      if (!this.rows || before === year || (before === undefined && year < 0)) return; // it stands there as it should
      data.headings.forEach((_, column) => {
        const yearly = data.yearly[column], off = year >= 0 && !yearly;
        this.heads[column].classList.toggle("awsd-off", off);
        this.rows.forEach(({ cells }, index) => {
          cells[column].classList.toggle("awsd-off", off);
          if (yearly) cells[column].textContent = year < 0 ? data.regions[index].facts[column] : yearly[year][index];
        });
      });
    }

    mark(index) {
      if (!this.rows) return;
      this.rows.forEach(({ row }, place) => row.classList.toggle("awsd-chosen-row", place === index));
    }

    /* Lead from the panel to the row. */
    go(index) {
      if (!this.rows) this.build(this.box.querySelector(".awsd-later"));
      this.rows[index].button.scrollIntoView({ block: "center" });
      this.rows[index].button.focus({ preventScroll: true });
    }

    csv() {
      const { data, year } = this.app, { words } = data;
      const shown = data.headings.map((_, column) => column).filter((column) => year < 0 || data.yearly[column]);
      const cell = (text) => {
        const safe = FORMULA.test(text) ? "'" + text : text;
        return /["\r\n,;\t]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
      };
      const rows = data.regions.map((region, index) => [region.name,
        ...shown.map((column) => (year < 0 ? region.facts[column] : data.yearly[column][year][index]))]);
      const heads = [words.table_region, ...shown.map((column) => data.headings[column][1])];
      return [heads, ...rows].map((row) => row.map(cell).join(words.csv_separator) + "\r\n").join("");
    }
  };
})();
