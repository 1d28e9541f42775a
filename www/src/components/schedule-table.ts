/**
 * The schedule as a table: on the page, as text for the clipboard and as a file. On a phone each row takes two lines;
 * the roles are spelt out because a cell that is laid out otherwise loses its own in some browsers.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { Instalment, Offer } from "../engine.js";
import type { PanelTexts } from "../texts/panel.js";
import type { View } from "./view.js";

export function table(v: View, t: PanelTexts, rows: readonly Instalment[]): TemplateResult {
  const { money } = v;
  const fees = hasFees(rows);
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${v.t.estimate.seeSchedule}>
    <table class="lines plan" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">${t.due}</th>
          <th scope="col" role="columnheader">${t.instalment}</th>
          <th scope="col" role="columnheader">${t.principal}</th>
          <th scope="col" role="columnheader">${t.interest}</th>
          ${fees ? html`<th scope="col" role="columnheader">${t.fee}</th>` : nothing}
          <th scope="col" role="columnheader">${t.balance}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) =>
            html`<tr role="row">
              <th scope="row" role="rowheader"><span class="number">${t.number(row.number)}</span> <span class="due">${row.due}</span></th>
              <td role="cell" class="payment">${money.exact(row.payment)}</td>
              <td role="cell" data-label=${t.principal}>${money.exact(row.principal)}</td>
              <td role="cell" data-label=${t.interest}>${money.exact(row.interest)}</td>
              ${fees ? html`<td role="cell" data-label=${t.fee}>${money.exact(row.fee)}</td>` : nothing}
              <td role="cell" data-label=${t.balance}>${money.exact(row.balance)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function hasFees(rows: readonly Instalment[]): boolean {
  return rows.some((row) => row.fee > 0);
}

/** The rows with their header. PLAIN FIELDS: none holds a comma, a tab, a quotation mark or a line's end. */
function fields(v: View, t: PanelTexts, rows: readonly Instalment[]): string[][] {
  const { money } = v;
  const fees = hasFees(rows);
  return [
    [t.count, t.due, t.instalment, t.principal, t.interest, ...(fees ? [t.fee] : []), t.balance],
    ...rows.map((row) => [
      String(row.number),
      row.due,
      money.plain(row.payment),
      money.plain(row.principal),
      money.plain(row.interest),
      ...(fees ? [money.plain(row.fee)] : []),
      money.plain(row.balance),
    ]),
  ];
}

/** For the clipboard: a tab between fields, as spreadsheets take it. Relies on PLAIN FIELDS. */
export function asText(v: View, t: PanelTexts, rows: readonly Instalment[]): string {
  return fields(v, t, rows)
    .map((row) => row.join("\t"))
    .join("\n");
}

/**
 * RFC 4180, in UTF-8 after a byte order mark: without it spreadsheet programs in China read another encoding. Relies
 * on PLAIN FIELDS.
 */
export function asCsv(v: View, t: PanelTexts, rows: readonly Instalment[]): Blob {
  const lines = fields(v, t, rows).map((row) => `${row.join(",")}\r\n`);
  return new Blob(["\uFEFF", ...lines], { type: "text/csv;charset=utf-8" });
}

/** What a loan is told from others by, without the characters that some system refuses in a name. */
export function fileName(v: View, { product, amount, term }: Offer): string {
  const whole = v.money.plain(amount).replace(/\.0+$/, "");
  const name = [v.p.get(`product.${product}.name`), `${whole} ${v.flow.view.currency}`, v.t.request.months(term)];
  return `${name.join("_").replace(/[\s\\/:*?"<>|]+/g, "-")}.csv`;
}
