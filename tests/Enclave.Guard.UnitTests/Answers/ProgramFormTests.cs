using System.Text;
using Enclave.Guard.Answers;
using Enclave.Guard.Options;

namespace Enclave.Guard.Tests.Answers;

/// <summary>Programs whose code is in a function become scripts that run it.</summary>
public sealed class ProgramFormTests
{
    [Theory]
    // A single function becomes its body.
    [InlineData("async function main() { return 1 }", "return 1")]
    [InlineData("async function main() { return 1 }\nmain();", "return 1")]
    [InlineData("async function main() { return 1 }\nawait main();", "return 1")]
    [InlineData("async function main() { return 1 }\nreturn await main();", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().catch(console.error);", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().catch((e) => { console.error(e); process.exit(1); });", "return 1")]
    [InlineData("async function main() { return 1 }\nif (require.main === module) { main(); }", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().then(() => process.exit(0))", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().then(() => process.exit(0)).catch((e) => { console.error(e); process.exit(1); });", "return 1")]
    [InlineData(
        "async function main() { return 1 }\nmain().then(() => { console.log('done'); process.exit(0); }, (e) => { console.error(e); process.exit(1); });",
        "return 1")]
    [InlineData("async function main() { return 1 }\nmain().then(process.exit);", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().then((code) => process.exit(code ?? 0));", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().then(() => { process.exitCode = 0; });", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().catch(console.error).finally(() => process.exit());", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().finally(process.exit)", "return 1")]
    [InlineData("async function main() { return 1 }\nmain().catch((e) => { process.exitCode = 1; throw e; }).then(() => process.exit());", "return 1")]
    [InlineData("async function main() { return 1 }\nvoid main().then(() => process.exit(0));", "return 1")]
    [InlineData("async function main() { return 1 }\nawait main().then(() => process.exit(0));", "return 1")]
    [InlineData("async function main() { return 1 }\ntry { await main(); } catch (e) { console.error(e); }", "return 1")]
    [InlineData("async function main() { return 1 }\ntry { await main(); process.exit(0); } catch (e) { console.error(e); process.exit(1); }", "return 1")]
    [InlineData("async function main() { return 1 }\ntry { await main(); } catch { process.exitCode = 1; } finally { process.exit(); }", "return 1")]
    [InlineData("async function main() { return 1 }\nif (require.main === module) { main().then(() => process.exit(0)); }", "return 1")]
    [InlineData("(async () => { return 1 })().then(() => process.exit(0));", "return 1")]
    [InlineData("const main = async () => { return 1 }\nmain()", "return 1")]
    [InlineData("const main = async () => 1 + 2", "return ( 1 + 2);")]
    [InlineData("async () => { return 1 }", "return 1")]
    [InlineData("(async () => ({ a: 1 }))", "return ( { a: 1 });")]
    [InlineData("async function () { return 1 }", "return 1")]
    [InlineData("function () { return 1 };", "return 1")]
    [InlineData("// Adds.\nfunction () { return 1 }", "return 1")]
    [InlineData("(async () => { return 1 })()", "return 1")]
    [InlineData("(async function () { return 1 }());", "return 1")]
    [InlineData("await (async () => { return 1 })();", "return 1")]
    [InlineData("void (async () => { return 1 })();", "return 1")]
    [InlineData("export default async function () { return 1 }", "return 1")]
    [InlineData("export default async function main() { return 1 }", "return 1")]
    [InlineData("export default async () => { return 1 };", "return 1")]
    [InlineData("export async function main() { return 1 }", "return 1")]
    [InlineData("export const main = async () => { return 1 }", "return 1")]
    [InlineData("module.exports = async () => { return 1 };", "return 1")]
    [InlineData("module.exports = { main: async () => { return 1 } };", "return 1")]
    [InlineData("module.exports.main = async function () { return 1 };", "return 1")]
    [InlineData("exports.main = () => { return 1 };", "return 1")]
    [InlineData("async function main() { return 1 }\nmodule.exports = { main };", "return 1")]
    [InlineData("async function main() { return 1 }\nexport { main };", "return 1")]
    [InlineData("async function main() { return 1 }\nexport default main;", "return 1")]
    [InlineData("type A = number;\nasync function main(): Promise<A> { return 1 as A }", "return 1 as A")]
    // A function gives nothing without a return.
    [InlineData("async function main() { console.log(1) }", "console.log(1) return;")]
    // More than one statement: they stay, and the function is called.
    [InlineData("const a = 1;\nasync function main() { return a }", "const a = 1; async function main() { return a } return await main();")]
    [InlineData("const a = 1;\nexport default async function () { return a }", "const a = 1; return await ( async function () { return a })();")]
    [InlineData("const a = 1;\nexport async function main() { return a }", "const a = 1; async function main() { return a } return await main();")]
    [InlineData("const a = 1;\nmodule.exports = async () => a;", "const a = 1; return await ( async () => a)();")]
    [InlineData("async function main() { return help() }\nfunction help() { return 1 }",
        "async function main() { return help() } function help() { return 1 } return await main();")]
    [InlineData("async function main() { return help() }\nmain();\nfunction help() { return 1 }",
        "async function main() { return help() } return await main(); function help() { return 1 }")]
    [InlineData("const a = 1; const f = () => a;\nvoid f();", "const a = 1; const f = () => a; return await f();")]
    [InlineData("export default 1 + 2;", "return ( 1 + 2);")]
    [InlineData("const a = [1];\nexport default a;", "const a = [1]; return a;")]
    // A function that calls itself keeps its name.
    [InlineData("function main(n = 3) { return n ? main(n - 1) : 0 }", "function main(n = 3) { return n ? main(n - 1) : 0 } return await main();")]
    [InlineData("async function main() { return arguments.length }\nmain()", "async function main() { return arguments.length } return await main();")]
    // A program that runs as it is stays unchanged.
    [InlineData("const a = 1;\na + 1", "const a = 1; a + 1")]
    [InlineData("const f = (x) => x;\nf(1)", "const f = (x) => x; f(1)")]
    [InlineData("const a = await callTool('a');\nconst f = () => 1;", "const a = await callTool('a'); const f = () => 1;")]
    [InlineData("const f = () => 1, g = () => 2;", "const f = () => 1, g = () => 2;")]
    [InlineData("const f = () => 1;\nconst g = () => 2;", "const f = () => 1; const g = () => 2;")]
    [InlineData("async function main() { return 1 }\nmain().catch((e) => callTool('report', { e }));",
        "async function main() { return 1 } main().catch((e) => callTool('report', { e }));")]
    [InlineData("async function main() { return 1 }\nmain().then((one) => console.log(one));",
        "async function main() { return 1 } main().then((one) => console.log(one));")]
    [InlineData("async function main() { return 1 }\nmain().then(() => { report(); process.exit(0); });",
        "async function main() { return 1 } main().then(() => { report(); process.exit(0); });")]
    [InlineData("async function main() { return 1 }\ntry { await main(); report(); } catch (e) { console.error(e); }",
        "async function main() { return 1 } try { await main(); report(); } catch (e) { console.error(e); }")]
    [InlineData("import fs from 'fs';\nexport default () => fs", "import fs from 'fs'; export default () => fs")]
    public void A_program_becomes_a_script(string program, string script)
    {
        ExtractedProgram found = AnswerText.Read($"```js\n{program}\n```");

        Assert.Equal(script, string.Join(' ', found.Source!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Lines_and_columns_stay()
    {
        const string program = "// Adds.\nasync function main(): Promise<number> {\n  const a = 1;\n  throw a;\n}\n\nmain();\n";

        string source = AnswerText.Read(program).Source!;

        Assert.Equal(program.IndexOf("throw", StringComparison.Ordinal), source.IndexOf("throw", StringComparison.Ordinal));
        Assert.Equal(program.Count('\n'), source.Count('\n'));
    }

    [Fact]
    public void No_cut_of_an_answer_makes_it_throw()
    {
        const string answer =
            "Here:\n```ts\nexport default async function main(a: number = 1) {\n  return `${a}`\n}\nmain().catch((e) => console.log(e))\n```\nand `x`.\n";
        for (int from = 0; from < answer.Length; from++)
        {
            for (int to = from; to <= answer.Length; to += 3)
            {
                ExtractedProgram found = AnswerText.Read(answer[from..to]);
                Assert.True(found.Source is null != found.Refusal is null);
            }
        }
    }
}
