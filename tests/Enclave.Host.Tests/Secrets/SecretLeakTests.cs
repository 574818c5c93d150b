using Enclave.Host.Tests.Records;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Secrets;

/// <summary>Searches everything that a host writes about runs for a secret that their tools try to leak.</summary>
public sealed class SecretLeakTests
{
    private const string Secret = "s3cr3t-of-the-operator";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_leaves_a_tool_has_the_secret(bool verbose)
    {
        (var sink, var log, var texts) = (new MemorySink(), new LogLines(), new List<string>());
        var options = new EnclaveOptions
        {
            VerboseErrors = verbose,
            Secrets = SecretSources.Of((_, _, _) => new ValueTask<string?>(Secret)),
            Audit = new AuditOptions { Sink = sink, Arguments = AuditArguments.Full },
        };
        foreach ((string name, Func<ToolContext, Task<ScriptValue>> tool) in Tools())
        {
            options.Tools.Add(name, (ScriptValue args, ToolContext context, CancellationToken token) => tool(context), new ToolOptions
            {
                Secrets = ["KEY"],
                Description = $"the tool {name}",
            });
        }

        await using (var host = new EnclaveHost(options, log))
        {
            texts.Add(host.DescribeForModel());
            foreach ((string name, _) in Tools())
            {
                string code = $$"""
                    try { const r = await callTool('{{name}}', {}); console.log(r); return r }
                    catch (e) { console.log(e.message, e.code, e.name); throw e }
                    """;
                ExecutionResult result = await Within.Deadline(host.RunAsync(code, new RunOptions { Record = true }), "answer");
                texts.Add(result.ToJsonString());
                texts.Add(result.Recording!.ToJsonString());
                await foreach (ExecutionEvent happened in host.StreamAsync(code)) texts.Add(happened.ToJsonString());
            }
        }

        texts.AddRange(sink.Records.Select((record) => record.ToString()));
        texts.AddRange(log.Texts);
        texts.AddRange(log.Faults);
        Assert.DoesNotContain(texts, (text) => text.Contains(Secret, StringComparison.Ordinal));
        // The tools did write it, and it was masked.
        Assert.True(texts.Count((text) => text.Contains("***", StringComparison.Ordinal)) > 10);
        Assert.Contains(texts, (text) => text.Contains("\"tool_progress\"", StringComparison.Ordinal) && text.Contains("***", StringComparison.Ordinal));
        Assert.Contains(log.Faults, (fault) => fault.Contains("***", StringComparison.Ordinal));
        Assert.Equal(4 * Tools().Length, sink.Records.Length);
    }

    private static (string Name, Func<ToolContext, Task<ScriptValue>> Tool)[] Tools() =>
    [
        ("gives", (context) => Task.FromResult(ScriptValue.From(
            new Dictionary<string, object> { ["text"] = $"key={context.Secrets["KEY"]}", [context.Secrets["KEY"]] = new[] { context.Secrets["KEY"] } }))),
        ("says", (context) => Task.FromException<ScriptValue>(new ToolException($"no access with {context.Secrets["KEY"]}") { Code = context.Secrets["KEY"] })),
        ("throws", (context) => Task.FromException<ScriptValue>(
            new InvalidOperationException(context.Secrets["KEY"], new ArgumentException(context.Secrets["KEY"])))),
        ("reports", (context) =>
        {
            context.ReportProgress(new string('.', 990) + context.Secrets["KEY"]);
            context.EmitPartial([context.Secrets["KEY"]], context.Secrets["KEY"]);
            return Task.FromResult(ScriptValue.Null);
        }),
    ];
}
