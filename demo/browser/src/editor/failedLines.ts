import { RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, gutterLineClass } from '@codemirror/view';

/** Marks lines, from 1. An empty list removes the marks. */
export const markFailedLines = StateEffect.define<readonly number[]>();

const lineMark = Decoration.line({ class: 'cm-failed-line' });
const numberMark = new (class extends GutterMarker {
  override elementClass = 'cm-failed-number';
})();

/** The starts of the marked lines, in order. */
const places = StateField.define<readonly number[]>({
  create: () => [],
  update(at, transaction) {
    // A failure belongs to the script as it was, so a change removes the marks.
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

/** Shows the lines of a failure. */
export const failedLines = [places];
