using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>--from-model</c>: files that are a model's answer.</summary>
public sealed class FromModelTests
{
    [Theory]
    [InlineData("Here you go:\n\n```js\nreturn 6 * 7\n```\n", "42\n")]
    [InlineData("```ts\nasync function main(): Promise<number> {\n  return 6 * 7 as number;\n}\nmain().catch(console.error);\n```", "42\n")]
    [InlineData("export default async () => 6 * 7", "42\n")]
    [InlineData("module.exports = async () => { return 6 * 7 }", "42\n")]
    [InlineData("const six = 6;\nasync function main() { return six * 7 }\nmain();\n", "42\n")]
    [InlineData("const six = 6;\nexport const main = async () => six * 7;", "42\n")]
    public async Task An_answer_runs_as_it_is_meant(string answer, string output)
    {
        CliResult result = await CliProcess.RunScriptAsync(answer, "--from-model", "--level", "permissive");

        Assert.Equal((0, output, ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Places_are_those_of_the_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("answer.md", "Sure.\n\n```js\nasync function main() {\n  const a = 1;\n  throw new TypeError('boom');\n}\n```\n");

        CliResult run = await CliProcess.RunAsync("run", file, "--from-model");

        Assert.StartsWith("RUNTIME_ERROR: TypeError: boom\n    at answer.md:6:9", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I cannot do that, sorry.", "send the program alone")]
    [InlineData("```js\nreturn 1\n```\n```js\nreturn 2\n```", "2 blocks of code")]
    public async Task An_answer_without_one_program_is_refused(string answer, string words)
    {
        CliResult run = await CliProcess.RunScriptAsync(answer, "--from-model"), check = await CliProcess.RunAsync(answer, ["check", "-", "--from-model"]);

        Assert.Equal((4, 4), (run.ExitCode, check.ExitCode));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Contains("error NO_PROGRAM: ", check.Output, StringComparison.Ordinal);
        Assert.Contains(words, check.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```js\nreturn 1\n```")]
    [InlineData("async () => 1")]
    public async Task Nothing_of_it_happens_unasked(string script) => Assert.NotEqual("1\n", (await CliProcess.RunScriptAsync(script)).Output);

    [Fact]
    public async Task A_batch_takes_no_answers()
    {
        CliResult result = await CliProcess.RunAsync("", ["run", "--batch", "-", "--from-model"]);

        Assert.Equal(2, result.ExitCode);
    }
}
