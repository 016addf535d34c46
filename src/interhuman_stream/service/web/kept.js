/** What went over the wire lately, within bounds: a page may be open for hours. No DOM. */

/** @typedef {{ direction: "in" | "out", text: string, bytes: number, at: number }} Line  `at`: as `Date.now` has it */

const MOST_LINES = 6000;
const MOST_LETTERS = 1_000_000;  // of all lines together: a megabyte, two where one of them is no Latin-1

export class Kept {
  constructor() {
    /** @type {Line[]}  the oldest first */
    this.lines = [];
    this.gone = 0;  // lines that are kept no longer
    this.letters = 0;
  }

  /** Keep a line; the oldest go where there are too many, or they are too long. @param {Line} line */
  add(line) {
    this.lines.push(line);
    this.letters += line.text.length;
    let over = 0;
    while (this.lines.length - over > MOST_LINES || (this.letters > MOST_LETTERS && over < this.lines.length - 1)) {
      this.letters -= this.lines[over].text.length;
      over += 1;
    }
    this.gone += over;
    if (over) this.lines.splice(0, over);
  }
}
