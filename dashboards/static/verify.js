// Change one cent of a real line, and see its fingerprint leave the signed log. All sums are done here.
"use strict";

(() => {
  const box = document.querySelector("[data-try]");
  if (!box || !globalThis.crypto?.subtle) return;
  const { before, after, root } = box.dataset;
  const original = Number(box.dataset.amount);
  const path = box.dataset.path.split(" ").filter(Boolean);
  const away = Math.sign(original) || 1;
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: box.dataset.currency });
  let amount = original;

  const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const hex = (array) => Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sha = async (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  };

  // RFC 9162, section 2.1.3.2: from a leaf and its sisters to the root.
  const climb = async (leaf) => {
    let node = Number(box.dataset.index);
    let last = Number(box.dataset.size) - 1;
    let hash = leaf;
    const one = Uint8Array.of(1);
    for (const step of path) {
      if (node % 2 === 1 || node === last) {
        hash = await sha(one, bytes(step), hash);
        while (node % 2 === 0 && node !== 0) { node = Math.floor(node / 2); last = Math.floor(last / 2); }
      } else {
        hash = await sha(one, hash, bytes(step));
      }
      node = Math.floor(node / 2);
      last = Math.floor(last / 2);
    }
    return hash;
  };

  const show = async () => {
    const text = before + String(amount) + after;
    const leaf = await sha(Uint8Array.of(0), new TextEncoder().encode(text));
    const fits = hex(await climb(leaf)) === root;
    document.querySelector("[data-shown]").textContent = String(amount);
    box.querySelector("[data-money] .money").textContent = money.format(Math.abs(amount) / 100);
    box.querySelector("[data-changed]").textContent = hex(leaf);
    box.querySelector("[data-verdict]").textContent = fits ? box.dataset.good : box.dataset.bad;
    box.querySelector("[data-changed-label]").textContent = box.dataset.now;
    box.querySelector(".try__verdict").dataset.fits = fits ? "yes" : "no";
  };

  box.querySelector(".try__buttons").hidden = false;
  box.querySelector(".try__verdict").hidden = false;
  box.querySelectorAll("[data-step]").forEach((button) => {
    button.addEventListener("click", () => {
      const step = Number(button.dataset.step);
      amount = step === 0 ? original : amount + away * step;
      show();
    });
  });
  show();
})();
