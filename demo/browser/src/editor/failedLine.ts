import { RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, gutterLineClass } from '@codemirror/view';

/** Marks a line, from 1; undefined takes the mark away. */
export const markFailedLine = StateEffect.define<number | undefined>();

const lineMark = Decoration.line({ class: 'cm-failed-line' });
const numberMark = new (class extends GutterMarker {
  override elementClass = 'cm-failed-number';
})();

/** Where the marked line begins; -1 for none. */
const place = StateField.define<number>({
  create: () => -1,
  update(at, transaction) {
    // What failed is the script as it was.
    let next = transaction.docChanged ? -1 : at;
    for (const effect of transaction.effects) {
      if (!effect.is(markFailedLine)) continue;
      const { doc } = transaction.state;
      next = effect.value !== undefined && effect.value <= doc.lines ? doc.line(effect.value).from : -1;
    }
    return next;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (at) => (at < 0 ? Decoration.none : Decoration.set(lineMark.range(at)))),
    gutterLineClass.from(field, (at) => (at < 0 ? RangeSet.empty : RangeSet.of(numberMark.range(at)))),
  ],
});

/** Shows the line that a failure is about. */
export const failedLine = [place];
