/* The table under the map: it follows the slider, leads to the map and back, and can be saved as CSV. */
const AwsdTable = (() => {
  const { make, fill } = awsdShapes;
  const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would run

  return class {
    constructor(app) {
      this.app = app;
      this.box = document.getElementById("rows-" + app.ident);
      if (!this.box) return;
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
      if (before === year || (before === undefined && year < 0)) return; // it stands there as it should
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
      if (!this.box) return;
      this.rows.forEach(({ row }, place) => row.classList.toggle("awsd-chosen-row", place === index));
    }

    /* Lead from the panel to the row. */
    go(index) {
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
