import { RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, gutterLineClass } from '@codemirror/view';

/** Marks lines, from 1; an empty list takes the marks away. */
export const markFailedLines = StateEffect.define<readonly number[]>();

const lineMark = Decoration.line({ class: 'cm-failed-line' });
const numberMark = new (class extends GutterMarker {
  override elementClass = 'cm-failed-number';
})();

/** Where the marked lines begin, in order. */
const places = StateField.define<readonly number[]>({
  create: () => [],
  update(at, transaction) {
    // What failed is the script as it was.
    let next = transaction.docChanged ? [] : at;
    for (const effect of transaction.effects) {
      if (!effect.is(markFailedLines)) continue;
      const { doc } = transaction.state;
      const lines = [...new Set(effect.value)].filter((line) => line >= 1 && line <= doc.lines).sort((a, b) => a - b);
      next = lines.map((line) => doc.line(line).from);
    }
    return next;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (at) => Decoration.set(at.map((from) => lineMark.range(from)))),
    gutterLineClass.from(field, (at) => RangeSet.of(at.map((from) => numberMark.range(from)))),
  ],
});

/** Shows the lines that a failure is about. */
export const failedLines = [places];
