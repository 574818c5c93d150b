using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>Sinks that block, throw or are slow: no run waits for them, and lost records are counted.</summary>
public sealed class AuditFaultTests
{
    [Fact]
    public async Task A_sink_that_blocks_stops_no_run_and_what_is_dropped_is_told()
    {
        using var hold = new SemaphoreSlim(0);
        // Blocks its thread, not only its task.
        var sink = new MemorySink((_, _) =>
        {
            hold.Wait(CancellationToken.None);
            hold.Release();
            return Task.CompletedTask;
        });
        var log = new LogLines();
        await using (EnclaveHost host = AuditTests.Host(sink, (audit) => audit with { QueueSize = 10 }, log: log))
        {
            for (int i = 0; i < 30; i++) Assert.True((await Within.Deadline(host.RunAsync($"return {i}"), "answer beside a blocked sink")).Success);

            Assert.Equal((10, 20L), (host.GetSnapshot().AuditWaiting, host.GetSnapshot().AuditDropped));
            hold.Release();
        }

        AuditRecord[] records = sink.Records;
        Assert.Equal(10, records.Count((record) => record.Kind == AuditRecordKind.Run));
        Assert.Equal(20, records.Where((record) => record.Kind == AuditRecordKind.Lost).Sum((record) => record.Count));
        Assert.Equal(Enumerable.Range(1, records.Length), records.Select((record) => (int)record.Sequence));
        Assert.Single(log.Texts, (message) => message.Contains("10 audit records wait for the sink", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_Refuse_no_run_begins_that_would_have_no_record()
    {
        var open = new TaskCompletionSource();
        var sink = new MemorySink((_, _) => open.Task);
        int ran = 0;
        await using (EnclaveHost host = AuditTests.Host(
            sink, (audit) => audit with { QueueSize = 4, WhenFull = AuditOverflow.Refuse }, (name, args, context) => new(Interlocked.Increment(ref ran))))
        {
            List<ExecutionResult> results = [];
            for (int i = 0; i < 6; i++) results.Add(await Within.Deadline(host.RunAsync("await callTool('a'); await callTool('b'); return 1"), "answer"));

            // The second run began with one free place, and all its records are kept.
            Assert.Equal([true, true, false, false, false, false], results.Select((result) => result.Success));
            Assert.All(results.Skip(2), (result) => Assert.Equal((ErrorCode.QueueFull, "audit"), (result.Error!.Code, result.Error.Data!["reason"])));
            Assert.Equal(4, ran);
            open.SetResult();
            await sink.Has(6);
            await Within.Becomes(() => host.GetSnapshot().AuditWaiting == 0, "the queue is empty");
            Assert.True((await Within.Deadline(host.RunAsync("return 1"), "answer")).Success);
        }

        Assert.Equal(["ToolCall", "ToolCall", "Run", "ToolCall", "ToolCall", "Run", "Run"],
            sink.Records.Where((record) => record.Kind != AuditRecordKind.Lost).Select((record) => record.Kind.ToString()));
        Assert.Equal(4, sink.Records.Where((record) => record.Kind == AuditRecordKind.Lost).Sum((record) => record.Count));
    }

    [Fact]
    public async Task A_sink_that_throws_is_asked_again_and_gets_everything_once()
    {
        int asked = 0;
        var sink = new MemorySink((_, _) => Interlocked.Increment(ref asked) <= 3 ? throw new IOException("the disk is full") : Task.CompletedTask);
        var log = new LogLines();
        await using (EnclaveHost host = AuditTests.Host(sink, log: log))
        {
            for (int i = 0; i < 5; i++) Assert.True((await Within.Deadline(host.RunAsync($"return {i}"), "answer")).Success);
            await Within.Becomes(() => host.GetSnapshot().AuditFailing || sink.Records.Length > 0, "the sink's failure shows");
            await sink.Has(5);
            await Within.Becomes(() => !host.GetSnapshot().AuditFailing, "the failure is over");
        }

        Assert.Equal([1L, 2, 3, 4, 5], sink.Records.Select((record) => record.Sequence));
        // One message for the whole time of failing, and one for its end.
        Assert.Single(log.Texts, (message) => message.Contains("audit sink failed", StringComparison.Ordinal));
        Assert.Single(log.Texts, (message) => message.Contains("takes records again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disposal_waits_for_a_slow_sink()
    {
        var sink = new MemorySink(async (_, _) =>
        {
            for (int i = 0; i < 1000; i++) await Task.Yield();
        });
        await using (EnclaveHost host = AuditTests.Host(sink, (audit) => audit with { FlushTimeout = TimeSpan.FromMinutes(1) }))
        {
            await Within.Deadline(Task.WhenAll(Enumerable.Range(0, 50).Select((i) => host.RunAsync($"return {i}"))), "answers");
        }

        Assert.Equal(50, sink.Records.Length);
    }

    [Fact]
    public async Task Disposal_gives_a_stuck_sink_up_at_its_deadline_and_says_what_is_lost()
    {
        var entered = new TaskCompletionSource();
        var sink = new MemorySink((_, _) =>
        {
            entered.TrySetResult();
            return new TaskCompletionSource().Task;
        });
        var log = new LogLines();
        EnclaveHost host = AuditTests.Host(sink, (audit) => audit with { FlushTimeout = TimeSpan.FromMilliseconds(50) }, log: log);
        await Within.Deadline(host.RunAsync("return 1"), "answer");
        await Within.Deadline(entered.Task, "write");
        await Within.Deadline(host.RunAsync("return 2"), "answer");

        await Within.Deadline(host.DisposeAsync().AsTask(), "end of disposal");

        Assert.Single(log.Texts, (message) => message.Contains("2 audit records were not taken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_made_for_its_owner_taken_along_when_moved_and_never_joined_to_a_torn_line()
    {
        using var folder = new AuditFolder();
        string moved = folder.File + ".1";
        var sink = new JsonLinesAuditSink(folder.File);
        await using (EnclaveHost host = AuditTests.Host(sink))
        {
            await Within.Deadline(host.RunAsync("return 1"), "answer");
            await Within.Becomes(() => File.Exists(folder.File) && host.GetSnapshot().AuditWaiting == 0, "the file is there");
            Assert.True(
                OperatingSystem.IsLinux() && File.GetUnixFileMode(folder.File) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "others may read it");
            File.Move(folder.File, moved);
            File.WriteAllText(folder.File, "{\"v\":1,\"torn");
            await Within.Deadline(host.RunAsync("return 2"), "answer");
        }

        Assert.Single(File.ReadAllLines(moved));
        string[] lines = File.ReadAllLines(folder.File);
        Assert.Equal("{\"v\":1,\"torn", lines[0]);
        Assert.Equal(2, JsonDocument.Parse(Assert.Single(lines.Skip(1))).RootElement.GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task A_stream_gets_lines_and_stays_open()
    {
        using var stream = new MemoryStream();
        await using (EnclaveHost host = AuditTests.Host(new JsonLinesAuditSink(stream)))
        {
            await Within.Deadline(host.RunAsync("return 1"), "answer");
        }

        stream.Position = 0;
        using var reader = new StreamReader(stream);
        Assert.Equal("OK", JsonDocument.Parse((await reader.ReadLineAsync())!).RootElement.GetProperty("outcome").GetString());
        Assert.Null(await reader.ReadLineAsync());
    }
}
