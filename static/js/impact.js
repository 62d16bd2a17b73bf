/** How decisions fall on the groups that candidates declared, as numbers that tell of nobody. */

import { ask, bearer } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { interviewerKey } from "./key.js";
import { language, onLanguage, text } from "./language.js";

const COLUMNS = ["impact.group", "impact.people", "impact.selected", "impact.rate", "impact.ratio"];

const percent = (share) => new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 1 }).format(share);
const ratio = (value) => (value === null ? "–" : new Intl.NumberFormat(language(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value));

function table(of) {
  const head = make("tr", {}, ...COLUMNS.map((key) => make("th", { scope: "col" }, text(key))));
  const rows = of.rows.map((row) => {
    const name = row.category.map((one) => text(`declare.${one}`)).join(" · ");
    const cells = row.withheld
      ? [make("td", { colspan: "4", class: "soft" }, text("impact.withheld"))]
      : [row.people, row.selected, percent(row.rate), ratio(row.ratio)].map((one) => make("td", {}, String(one)));
    return make("tr", {}, make("th", { scope: "row" }, row.small ? `${name} *` : name), ...cells);
  });
  const caption = make("caption", {}, `${text(`impact.${of.dimension}`)} · ${text("impact.unknown", { count: of.unknown })}`);
  return make("table", { class: "impact-table" }, caption, make("thead", {}, head), make("tbody", {}, ...rows));
}

export async function offerImpact() {
  const found = await ask("/v1/impact", { headers: bearer(interviewerKey()) });
  const write = () => {
    const told = make("p", {}, text("impact.decided", { decided: found.decided, selected: found.selected }));
    const tables = found.tables.filter((one) => one.rows.length > 0).map(table);
    const none = tables.length ? [] : [make("p", { class: "soft" }, text("impact.none"))];
    const small = found.tables.some((one) => one.rows.some((row) => row.small)) ? [make("p", { class: "soft small" }, text("impact.small"))] : [];
    byId("impact").replaceChildren(told, ...none, ...tables, ...small);
  };
  write();
  onLanguage(write);
  showIf(byId("impact-part"), true);
}
