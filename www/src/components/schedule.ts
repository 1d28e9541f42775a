/**
 * The schedule as a picture and as a table. On a phone each row of the table takes two lines; the
 * roles are spelt out because a cell that is laid out otherwise loses its own in some browsers.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { View } from "./view.js";

export function schedule(v: View): TemplateResult | typeof nothing {
  const { t, money } = v;
  const rows = v.flow.schedule();
  if (rows.length === 0) return nothing;
  return html`<details class="panel">
    <summary><h3>${t.estimate.seeSchedule}</h3></summary>
    <div class="picture" role="img" aria-label=${t.schedule.picture}>
      ${rows.map(
        // The browser shares each bar's height out by the figures themselves.
        (row) =>
          html`<span class="bar"
            ><span class="interest" .style=${`flex-grow:${String(row.interest)}`}></span
            ><span class="principal" .style=${`flex-grow:${String(row.principal)}`}></span
          ></span>`,
      )}
    </div>
    <p class="key" aria-hidden="true">
      <span class="dot principal"></span>${t.schedule.principal}
      <span class="dot interest"></span>${t.schedule.interest}
    </p>
    <div class="scroll" role="region" tabindex="0" aria-label=${t.estimate.seeSchedule}>
      <table class="plan" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">${t.schedule.due}</th>
            <th scope="col" role="columnheader">${t.schedule.instalment}</th>
            <th scope="col" role="columnheader">${t.schedule.principal}</th>
            <th scope="col" role="columnheader">${t.schedule.interest}</th>
            <th scope="col" role="columnheader">${t.schedule.balance}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${rows.map(
            (row) =>
              html`<tr role="row">
                <th scope="row" role="rowheader"><span class="number">${t.schedule.number(row.number)}</span> <span class="due">${row.due}</span></th>
                <td role="cell" class="payment">${money.exact(row.payment)}</td>
                <td role="cell" data-label=${t.schedule.principal}>${money.exact(row.principal)}</td>
                <td role="cell" data-label=${t.schedule.interest}>${money.exact(row.interest)}</td>
                <td role="cell" data-label=${t.schedule.balance}>${money.exact(row.balance)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="fine">${t.schedule.note}</p>
  </details>`;
}
