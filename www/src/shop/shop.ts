/** The partner's demo page: a product whose price follows the variant chosen. */
import type { PrequalOffer } from "../widget/element.js";
import { words, type ShopLang, type Word } from "./words.js";

/** Prices in 分, as the shop's own back end would have written them. */
const VARIANTS = [
  { fen: 189_900, price: "1,899.00", size: "545 × 575 × 1600 mm" },
  { fen: 299_900, price: "2,999.00", size: "600 × 640 × 1780 mm" },
  { fen: 549_900, price: "5,499.00", size: "780 × 680 × 1850 mm" },
  { fen: 2_389_900, price: "23,899.00", size: "908 × 700 × 1900 mm" },
];

function find<Kind extends Element>(selector: string): Kind {
  const found = document.querySelector<Kind>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

const offer = find<PrequalOffer>("prequal-offer");
const order = find<HTMLFormElement>("#order");
const note = find<HTMLElement>("#note");
const language = find<HTMLButtonElement>(".language");

let lang: ShopLang = "zh-CN";

function choose(): void {
  const variant = VARIANTS[Number(new FormData(order).get("capacity"))];
  if (!variant) return;
  find("#price").textContent = `¥${variant.price}`;
  find("#size").textContent = variant.size;
  offer.setAttribute("amount", String(variant.fen));
}

function speak(next: ShopLang): void {
  lang = next;
  const said = words[lang];
  document.documentElement.lang = lang;
  document.title = `${said.name} · ${said.brand}`;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = said[element.dataset["text"] as Word];
  }
  for (const image of document.querySelectorAll<HTMLImageElement>("[data-alt]")) {
    image.alt = said[image.dataset["alt"] as Word];
  }
  language.textContent = said.other;
  language.lang = lang === "en" ? "zh-CN" : "en";
  offer.setAttribute("lang", lang);
  document.documentElement.dataset["ready"] = "";
}

order.addEventListener("change", choose);
order.addEventListener("submit", (event) => {
  event.preventDefault();
  offer.scrollIntoView({ block: "center" });
});
language.addEventListener("click", () => {
  speak(lang === "en" ? "zh-CN" : "en");
});
offer.addEventListener("prequal-verified", (event) => {
  note.textContent = `${words[lang].verified} ${event.detail.token}`;
});
offer.addEventListener("prequal-expired", () => {
  note.textContent = words[lang].delivery;
});

const wish = new URLSearchParams(location.search).get("lang") ?? navigator.language;
speak(wish.toLowerCase().startsWith("en") ? "en" : "zh-CN");
choose();
