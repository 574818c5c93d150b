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
    // A value that the program exports is its answer.
    [InlineData("export const result = 1 + 2;", "const result = 1 + 2; return result;")]
    [InlineData("export let result = 1;\nresult += 1;\nconsole.log(result);", "let result = 1; result += 1; console.log(result); return result;")]
    [InlineData("export var a = 1;", "var a = 1; return a;")]
    [InlineData("export const a = 1;\nexport const b = a + 1;", "const a = 1; const b = a + 1; return { a, b };")]
    [InlineData("const a = 1;\nexport { a as result };", "const a = 1; return a;")]
    [InlineData("const a = 1, b = 2;\nexport { a, b as c };", "const a = 1, b = 2; return { a, c: b };")]
    [InlineData("const a = 1;\nexport { a };\nconsole.log(a);", "const a = 1; console.log(a); return a;")]
    [InlineData("const f = (x) => x;\nexport const result = f(1);", "const f = (x) => x; const result = f(1); return result;")]
    [InlineData("export const result = f(1);\nexport function f(x) { return x }", "const result = f(1); function f(x) { return x } return result;")]
    [InlineData("export const rows = await callTool('a');", "const rows = await callTool('a'); return rows;")]
    [InlineData("export const n: number = 1;\nexport type N = number;", "const n: number = 1; type N = number; return n;")]
    [InlineData(
        "import type { A, B } from './a';\nimport type C from './c';\nexport interface D { a: A }\nexport type { D as E };\nexport const n: D = { a: 1 };",
        "; ; interface D { a: A } ; const n: D = { a: 1 }; return n;")]
    [InlineData("export default 1 + f();\nfunction f() { return 1 }", "return ( 1 + f()); function f() { return 1 }")]
    [InlineData("module.exports = { a: 1, b: [2] };", "return ( { a: 1, b: [2] });")]
    [InlineData("const a = await callTool('a');\nmodule.exports = a.length;", "const a = await callTool('a'); return ( a.length);")]
    [InlineData("exports.result = 1 + 2;", "return ( 1 + 2);")]
    [InlineData("exports.a = 1;\nexports.b = 2;",
        "const module = { exports: {} }, exports = module.exports; exports.a = 1; exports.b = 2; return module.exports;")]
    // A value that is exported beside code that runs or returns is not the answer.
    [InlineData("export const a = 1;\nreturn a + 1", "const a = 1; return a + 1")]
    [InlineData("export const a = 1;\na + 1", "const a = 1; a + 1")]
    [InlineData("export const a = 1;\nexport async function main() { return a }", "const a = 1; async function main() { return a } return await main();")]
    // Nothing is exported.
    [InlineData("const a = 1;\nexport {};\nreturn a", "const a = 1; return a")]
    [InlineData("const a = 1;\na + 1\nexport {};", "const a = 1; a + 1")]
    [InlineData("async function main() { return 1 }\nexport {};", "return 1")]
    [InlineData("async function main() { return 1 }\nif (typeof module !== 'undefined' && module.exports) { module.exports = { main }; }", "return 1")]
    // A function gets the values that its parameters name.
    [InlineData("export default async function ({ callTool }) { return callTool('a') }", "return callTool('a')")]
    [InlineData("export default async (tools) => tools.a.b()", "return ( tools.a.b());")]
    [InlineData("async function main(tools, console) { console.log(1); return tools.a() }", "console.log(1); return tools.a()")]
    [InlineData("function run({ callTool, tools }) { return tools.a() }", "return tools.a()")]
    [InlineData("const handler = async (event, context) => { return 1 };", "return 1")]
    [InlineData("const a = 1;\nasync function main(tools) { return tools.a(a) }",
        "const a = 1; async function main() { return tools.a(a) } return await main();")]
    [InlineData("const a = 1;\nconst main = async tools => { return tools.a(a) };",
        "const a = 1; const main = async () => { return tools.a(a) }; return await main();")]
    [InlineData("const a = 1;\nasync function main({ callTool }: Given): Promise<number> { return callTool('x', { a }) }",
        "const a = 1; async function main() { return callTool('x', { a }) } return await main();")]
    [InlineData("async function main({ callTool: call, limit = 5 }) { return call('a', { limit }) }",
        "async function main({ callTool: call, limit = 5 }) { return call('a', { limit }) } return await main({ callTool });")]
    [InlineData("async function main(ctx) { return ctx.tools.a() + await ctx.callTool('b') }",
        "async function main(ctx) { return ctx.tools.a() + await ctx.callTool('b') } return await main({ tools, callTool });")]
    [InlineData("async function main(event, { tools: { a } }) { return event?.x ?? a() }",
        "async function main(event, { tools: { a } }) { return event?.x ?? a() } return await main(undefined, { tools });")]
    [InlineData("const handler = async (event) => { if (event && event.body) return 1; return 2 };",
        "const handler = async (event) => { if (event && event.body) return 1; return 2 }; return await handler();")]
    [InlineData("async function main(tools = {}) { return 1 }", "return 1")]
    [InlineData("async function main(tools) { tools = {}; return tools }",
        "async function main(tools) { tools = {}; return tools } return await main(tools);")]
    // The last value is the answer, also before functions and in branches.
    [InlineData("const a = f();\na.b;\nfunction f() { return { b: 1 } }", "const a = f(); return a.b; function f() { return { b: 1 } }")]
    [InlineData("const a = 1;\nif (a) { 'yes' } else { 'no' }", "const a = 1; if (a) { return 'yes' } else { return 'no' }")]
    [InlineData("let a = 1;\ntry { a = 2; a } catch (e) { console.log(e) }", "let a = 1; try { a = 2; return a } catch (e) { console.log(e) }")]
    [InlineData("const a = 1, b = 2;\n{ a, b }", "const a = 1, b = 2; return ({ a, b })")]
    [InlineData("const a = 1;\n{ total: a * 2 }", "const a = 1; return ({ total: a * 2 })")]
    [InlineData("const a = 1;\n{ total: a * 2, more: a };", "const a = 1; ({ total: a * 2, more: a } )")]
    [InlineData("const a = 1;\n{ a; }", "const a = 1; { return a; }")]
    [InlineData("async function main() { return 1 }\nif (require.main === module) { main(); }\nmodule.exports = { main };",
        "async function main() { return 1 } return await main();")]
    [InlineData("if (require.main === module) { console.log(1); }\nconsole.log(2);", "if (true ) { console.log(1); } console.log(2);")]
    [InlineData("if (1) { callTool('a') } else { 2 }", "if (1) { callTool('a') } else { return 2 }")]
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

    [Theory]
    [InlineData("async (orders) => orders.length", "orders")]
    [InlineData("function double(x) { return x * 2 }", "x")]
    [InlineData("async function main({ orders }) { return orders.length }", "orders")]
    [InlineData("async function main(tools, [first]) { return first }", "first")]
    [InlineData("export default async function (event) { return event.body }", "event")]
    public void A_parameter_without_a_value_is_named(string program, string name) =>
        Assert.Contains($"its parameter {name}", AnswerText.Read(program).Refusal, StringComparison.Ordinal);

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
