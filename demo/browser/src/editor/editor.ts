import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { look } from './editorLook.js';
import { failedLines, markFailedLines } from './failedLines.js';

/** The editor for the script. */
export class ScriptEditor {
  readonly #view: EditorView;

  /** @param host Holds the editor in a shadow tree, where styles are adopted sheets, so that the content security policy need not allow style elements. */
  constructor(host: HTMLElement) {
    const root = host.attachShadow({ mode: 'open' });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        extensions: [
          // Without Tab: it leaves the editor like every other field.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          indentOnInput(),
          bracketMatching(),
          indentUnit.of('  '),
          javascript(),
          failedLines,
          ...look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Script', tabindex: '0', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Replaces the script. The change can be undone. */
  load(text: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
  }

  /** Marks the lines of a failure until the script changes. An empty list marks none. */
  markFailures(lines: readonly number[]): void {
    this.#view.dispatch({ effects: markFailedLines.of(lines) });
  }

  /** Puts the cursor on a line. */
  goTo(line: number): void {
    const { doc } = this.#view.state;
    this.#view.dispatch({ selection: { anchor: doc.line(Math.min(Math.max(1, line), doc.lines)).from }, scrollIntoView: true });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }
}
