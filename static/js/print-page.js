/** Shows its button, which prints the page; without scripts there is none. */
export class PrintPage extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.querySelector("button")?.addEventListener("click", () => window.print())
  }
}

customElements.define("print-page", PrintPage)
