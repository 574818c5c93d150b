namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/streaming.md.</summary>
public sealed class StreamingSample
{
    [Fact]
    public async Task A_run_is_watched_while_it_runs()
    {
        var screen = new List<string>();

        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, context) =>
            {
                string[] rows = ["apples", "pears", "plums"];
                for (int i = 0; i < rows.Length; i++)
                {
                    context.ReportProgress("reading", fraction: (i + 1) / 3.0);
                    context.EmitPartial(["rows", $"{i}"], rows[i]);
                }

                return new(rows);
            },
        });

        const string Code = "console.log('begin'); const rows = await callTool('stock', { top: 3 }); return rows.length";
        await foreach (ExecutionEvent happened in enclave.StreamAsync(Code, new RunOptions { Timeout = TimeSpan.FromSeconds(10) }))
        {
            screen.Add(happened switch
            {
                StartedEvent => "started",
                ConsoleEvent line => $"console {line.Text}",
                ToolCallEvent call => $"{call.CallId} {call.Name} {call.Args.ToJsonString()}",
                ToolProgressEvent progress => $"{progress.CallId} {progress.Message} {progress.Fraction:0.0}",
                PartialResultEvent part => $"{part.CallId} {string.Join('.', part.Path)} {part.Data.ToJsonString()}",
                ToolResultEvent answer => $"{answer.CallId} {(answer.Error is null ? "ok" : answer.Error.Message)}",
                FinishedEvent end => $"finished {end.Result.Value.ToJsonString()}",
                _ => "something else",
            });
        }
        // end

        Assert.Equal(
            [
                "started", "console begin", "c_1 stock {\"top\":3}", "c_1 reading 0.3", "c_1 rows.0 \"apples\"", "c_1 reading 0.7", "c_1 rows.1 \"pears\"",
                "c_1 reading 1.0",
                "c_1 rows.2 \"plums\"", "c_1 ok", "finished 3",
            ],
            screen);
    }
}
