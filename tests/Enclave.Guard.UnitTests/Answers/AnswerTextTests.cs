using Enclave.Guard.Answers;
using Enclave.Guard.Options;

namespace Enclave.Guard.Tests.Answers;

/// <summary>Finding the program in an answer.</summary>
public sealed class AnswerTextTests
{
    [Theory]
    [InlineData("return 1", "return 1", 1)]
    [InlineData("```js\nreturn 1\n```", "return 1\n", 2)]
    [InlineData("```\nreturn 1\n```", "return 1\n", 2)]
    [InlineData("Sure! Here it is:\n\n```javascript\nreturn 1;\n```\n\nIt returns one.", "return 1;\n", 4)]
    [InlineData("~~~ts\nreturn 1 as number\n~~~", "return 1 as number\n", 2)]
    [InlineData("````js\nreturn `\n```\n`\n````", "return `\n```\n`\n", 2)]
    [InlineData("1. First\n   ```js\n   if (1) {\n     return 1\n   }\n   ```\n2. Second", "if (1) {\n  return 1\n}\n", 3)]
    [InlineData("```js title=\"a.js\"\nreturn 1\n```", "return 1\n", 2)]
    [InlineData("```js\r\nreturn 1\r\n```\r\n", "return 1\r\n", 2)]
    // Without an end: the model stopped at its fence.
    [InlineData("```js\nreturn 1\n", "return 1\n", 2)]
    // A block tagged with the language is the program. Output and data are not.
    [InlineData("```js\nreturn 1\n```\ngives\n```\n1\n```\nand\n```json\n{}\n```", "return 1\n", 2)]
    [InlineData("```bash\nenclave run a.js\n```\n```\nreturn 1\n```", "return 1\n", 5)]
    [InlineData("\ufeffreturn 1", "return 1", 1)]
    // The answer is a program, and its fence is an example or data.
    [InlineData("/*\n```js\nreturn 'example'\n```\n*/\nreturn 1", "/*\n```js\nreturn 'example'\n```\n*/\nreturn 1", 1)]
    [InlineData("/**\n * Use:\n ~~~\n x()\n ~~~\n */\nimport a from 'a'", "/**\n * Use:\n ~~~\n x()\n ~~~\n */\nimport a from 'a'", 1)]
    [InlineData("const text: string = `\n~~~js\nreturn 2\n~~~\n`;\nreturn text", "const text: string = `\n~~~js\nreturn 2\n~~~\n`;\nreturn text", 1)]
    [InlineData("return 'a\\\n```js\\\nreturn 2\\\n```\\\n'", "return 'a\\\n```js\\\nreturn 2\\\n```\\\n'", 1)]
    [InlineData("return `${1}\n~~~js\nreturn 2\n~~~\n${2}`", "return `${1}\n~~~js\nreturn 2\n~~~\n${2}`", 1)]
    [InlineData("/*\n```js\nreturn 2\n```\n*/\n```js\nreturn 1\n```", "return 1\n", 7)]
    // A fence behind one word is JavaScript too: templates that are called.
    [InlineData("Here it is: ```js\nreturn 1\n```", "return 1\n", 2)]
    [InlineData("Sure!\nThe code:```typescript\nreturn 1 as number\n```\nDone.", "return 1 as number\n", 3)]
    [InlineData("Here it is: ````\nreturn `\n```\n`\n````", "return `\n```\n`\n", 2)]
    [InlineData("- ```js\nreturn 1\n```", "return 1\n", 2)]
    [InlineData("1. ```JS\r\nreturn 1\r\n```", "return 1\r\n", 2)]
    [InlineData("**Program** ```\nreturn 1\n```", "return 1\n", 2)]
    [InlineData("```js return 1 ```", " return 1 ", 1)]
    [InlineData("```return 1```", "return 1", 1)]
    [InlineData("Run this:\n\n```ts return 1 as number```\n", " return 1 as number", 3)]
    [InlineData("It is ```js return 1```.", " return 1", 1)]
    [InlineData("Call ```foo``` as in\n```js\nreturn 1\n```", "return 1\n", 3)]
    [InlineData("Call ```foo``` as in\n```\nreturn 1\n```", "return 1\n", 3)]
    [InlineData("Program\n```js\nreturn 1\n```", "return 1\n", 3)]
    public void The_program_is_found(string answer, string program, int line)
    {
        ExtractedProgram found = AnswerText.Read(answer);

        Assert.Equal((program, line, null), (found.Source, found.FirstLine, found.Refusal));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n ", "empty")]
    [InlineData("```js\nreturn 1\n```\nor\n```js\nreturn 2\n```", "2 blocks")]
    [InlineData("```\nreturn 1\n```\nor\n```\nreturn 2\n```", "2 blocks")]
    [InlineData("```js\n```", "empty")]
    [InlineData("```\n\n```", "empty")]
    [InlineData("```js\n// the program\n```", "empty")]
    [InlineData("```js\n'use strict';;\n```", "empty")]
    [InlineData("```ts\n/* later */", "empty")]
    [InlineData("// nothing yet", "empty")]
    [InlineData("``` ```", "empty")]
    [InlineData("Use ```a``` or\n```b```", "2 blocks")]
    [InlineData("```python\nreturn 1\n```", "'python'")]
    [InlineData("```<b>\n1\n```", "'?b?'")]
    [InlineData("I cannot do that.", "in one block")]
    [InlineData("Here you go: const a = 1;", "in one block")]
    [InlineData("```js\nexport default class A {}\n```", "end it with return")]
    [InlineData("```js\nasync function main(input) { return input }\n```", "gets no value for its parameter input")]
    [InlineData("export default function* () { yield 1 }", "end with return")]
    public void An_answer_without_one_program_is_refused_with_what_to_send(string answer, string words)
    {
        ExtractedProgram found = AnswerText.Read(answer);

        Assert.Null(found.Source);
        Assert.Contains(words, found.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_is_no_program_goes_to_the_guard_which_names_the_place()
    {
        ExtractedProgram found = AnswerText.Read("```js\nconst a = ;\n```");

        ValidationResult result = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Validate(found.Source!, []);

        Assert.Equal((1, "PARSE_ERROR"), (result.Issues[0].Location!.Value.Line, result.Issues[0].Code));
    }

    [Theory]
    [InlineData("const a = 1;\nreturn a +;", 2, 10)]
    [InlineData("return 6 *", 1, 10)]
    [InlineData("// the sum\nconst xs = [1, 2;\nreturn xs", 2, 16)]
    [InlineData("\n\nasync function main() {\n  return 1\n", 5, 0)]
    [InlineData("callTool('a', { b: 1 }\nreturn 2", 2, 0)]
    [InlineData("result = await callTool('a');\nif (result {", 2, 11)]
    [InlineData("import { a } from 'b'\nconst c = {", 1, 0)]
    public void Code_with_a_mistake_is_refused_at_its_place(string answer, int line, int column)
    {
        ExtractedProgram found = AnswerText.Read(answer);

        Assert.Equal(answer, found.Source);
        GuardIssue issue = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard }).Validate(found.Source!, []).Issues[0];
        Assert.Equal(("PARSE_ERROR", line, column), (issue.Code, issue.Location!.Value.Line, issue.Location.Value.Column));
    }

    [Theory]
    [InlineData("I cannot do that.", false)]
    [InlineData("Let me explain: const is a word.", false)]
    [InlineData("This script (see below) returns a list.\nconst a = 1;", false)]
    [InlineData("```js\nreturn 1\n```\n```js\nreturn 2\n```", true)]
    [InlineData("async (a) => a", true)]
    [InlineData("", true)]
    public void A_refused_text_that_does_not_parse_differs_from_other_refusals(string answer, bool isProgram)
    {
        ExtractedProgram found = AnswerText.Read(answer);

        Assert.Equal((null, isProgram), (found.Source, found.IsProgram));
    }

    [Theory]
    [InlineData("ts", true)]
    [InlineData("typescript", true)]
    [InlineData("js", false)]
    [InlineData("", false)]
    public void The_tag_says_whether_it_is_typed(string tag, bool typed) => Assert.Equal(typed, AnswerText.Read($"```{tag}\nreturn 1\n```").IsTyped);

    [Theory]
    [InlineData("return 1")]
    [InlineData("Here:\n```js\nreturn 1")]
    public void An_answer_for_which_nobody_waits_is_not_parsed(string answer)
    {
        using var gone = new CancellationTokenSource();
        gone.Cancel();

        Assert.Throws<OperationCanceledException>(() => AnswerText.Read(answer + string.Concat(Enumerable.Repeat(";1", 1_000)), gone.Token));
    }

    [Fact]
    public void An_answer_that_is_too_long_is_refused() =>
        Assert.Contains("shorter", AnswerText.Read(new string('a', AnswerText.MaxLength + 1)).Refusal, StringComparison.Ordinal);

    [Theory]
    [InlineData("```js\nreturn 1\n```")]
    [InlineData("```\nreturn 1\n```")]
    [InlineData("Answer:\n```js\nreturn 1\n```")]
    public void A_fenced_block_is_no_script(string source)
    {
        foreach (GuardPreset preset in Enum.GetValues<GuardPreset>())
        {
            foreach (GuardLevel level in Enum.GetValues<GuardLevel>())
            {
                ValidationResult result = new ScriptGuard(new GuardSettings { Level = level, Preset = preset }).Validate(source, []);

                Assert.Contains(result.Issues, (issue) =>
                    issue is { Code: "FENCED_TEXT", Severity: IssueSeverity.Error } && issue.Hint!.Contains("fence", StringComparison.Ordinal));
            }
        }
    }
}
