using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <content>Answers that come later: how large they may be, and what of them a script sees.</content>
public abstract partial class DurableRunTests
{
    private const string Secret = "s3cret-token-4711";

    [Theory]
    [InlineData("text")]
    [InlineData("wide text")]
    [InlineData("numbers")]
    [InlineData("empty texts")]
    [InlineData("members")]
    [InlineData("bytes")]
    public async Task An_answer_that_is_accepted_ends_no_run(string kind)
    {
        const int Bytes = 3_900_000;
        object large = kind switch
        {
            "text" => new string('x', Bytes),
            "wide text" => new string('\ud800', Bytes / 2),
            // Each takes one byte in the journal, and many times that in memory.
            "numbers" => new int[1 << 20],
            "empty texts" => Enumerable.Repeat("", 1 << 20).ToArray(),
            "members" => Enumerable.Range(0, 50_000).ToDictionary((i) => $"{i:x}", (_) => (object?)null),
            _ => new byte[Bytes],
        };
        EnclaveHost host = Host();
        DurableRun waiting = await host.StartAsync(
            "const a = await waitFor('a'); return a.length ?? a.byteLength ?? Object.keys(a).length", Named("large"), Token);
        await host.AnswerAsync(waiting.Waits[0].Token, large, Token);

        DurableRun ended = await host.ResumeAsync("large", cancellationToken: Token);

        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal(kind switch { "text" or "bytes" => Bytes, "wide text" => Bytes / 2, "members" => 50_000, _ => 1 << 20 }, ended.Result!.Value.AsInt32());
    }

    [Fact]
    public async Task An_answer_for_which_the_journal_has_no_room_is_refused_and_a_smaller_one_counts()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunBytes = 256 << 10);
        // The argument and the answer.
        const string Code = "await callTool('note', { text: 'x'.repeat(80_000) }); return (await waitFor('go')).length";
        DurableRun waiting = await host.StartAsync(Code, Named("filled"), Token);
        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");

        ArgumentException full = await Assert.ThrowsAsync<ArgumentException>(() => host.AnswerAsync(waiting.Waits[0].Token, new string('z', 110_000), Token));
        await host.AnswerAsync(waiting.Waits[0].Token, new string('z', 50_000), Token);

        Assert.Contains("MaxRunBytes", full.Message, StringComparison.Ordinal);
        DurableRun ended = await host.ResumeAsync("filled", cancellationToken: Token);
        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal(50_000, ended.Result!.Value.AsInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_later_answer_shows_no_secret_of_its_tool(bool isAnsweredHere)
    {
        EnclaveHost WithSecret() => Host(
            add: (tools) => tools.Add(
                "ship",
                (ShipArgs args, ToolContext context, CancellationToken token) => Task.FromResult(ToolResult.Later($"parcel-{args.Id}")),
                new ToolOptions { Secrets = ["KEY"] }),
            options: (options) =>
            {
                options.Secrets = SecretSources.Of((_, _, _) => new ValueTask<string?>(Secret));
                if (isAnsweredHere) options.Durable!.Grace = TimeSpan.FromMinutes(1);
            });
        const string Code = """
            const [one, two] = await Promise.allSettled([callTool('ship', { id: 1 }), callTool('ship', { id: 2 })]);
            return [one.value, two.reason.code, two.reason.message];
            """;
        EnclaveHost first = WithSecret(), second = isAnsweredHere ? first : WithSecret();
        Task<DurableRun> started = first.StartAsync(Code, Named("masked"), Token);
        if (!isAnsweredHere) await started;
        await Within.Becomes(
            () => first.Runs.FindAsync("masked", cancellationToken: Token).GetAwaiter().GetResult()?.Waits.Count == 2, "both calls wait");

        await second.AnswerAsync("parcel-1", new Dictionary<string, object?>
        {
            ["key"] = $"the key is {Secret}",
            ["bytes"] = System.Text.Encoding.UTF8.GetBytes(Secret),
        }, Token);
        await second.AnswerAsync("parcel-2", new ToolException($"not with {Secret}") { Code = Secret }, Token);
        DurableRun ended = isAnsweredHere ? await started : await second.ResumeAsync("masked", cancellationToken: Token);

        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal("the key is ***", ended.Result!.Value[0]["key"].AsString());
        Assert.Equal("***"u8.ToArray(), ended.Result.Value[0]["bytes"].AsBytes().ToArray());
        Assert.Equal("***", ended.Result.Value[1].AsString());
        Assert.Equal("not with ***", ended.Result.Value[2].AsString());
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_counts_and_its_giver_alone_is_told_so()
    {
        EnclaveHost[] hosts = [Host(wakes: true), Host()];
        for (int round = 0; round < 10; round++)
        {
            string name = $"race-{round}";
            DurableRun waiting = await hosts[1].StartAsync("return await waitFor('go')", Named(name), Token);
            string wait = waiting.Waits[0].Token;

            bool[] accepted = await Task.WhenAll(Enumerable.Range(0, 12).Select((number) => Task.Run(async () =>
            {
                try
                {
                    await hosts[number % 2].AnswerAsync(wait, number, Token);
                    return true;
                }
                catch (JournalException fault)
                {
                    Assert.True(fault.Fault is JournalFault.Answered or JournalFault.NotFound, $"{fault.Fault}: {fault.Message}");
                    return false;
                }
            })));

            DurableRun ended = await Within.Deadline(hosts[0].Runs.WaitAsync(name, cancellationToken: Token), "the end");
            Assert.Equal(ended.Result!.Value.AsInt32(), Assert.Single(Enumerable.Range(0, 12), (number) => accepted[number]));
        }
    }

    [Fact]
    public async Task A_run_that_waits_for_more_than_a_row_holds_ends_and_is_found_and_removed()
    {
        EnclaveHost host = Host(options: (options) =>
        {
            options.MaxToolCalls = 600;
            options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, MaxPendingToolCalls = 600 };
        });
        const string Code = "await Promise.all(Array.from({ length: 500 }, (_, i) => waitFor('\u540d'.repeat(190) + i)))";

        DurableRun ended = await host.StartAsync(Code, Named("many"), Token);

        Assert.Equal("OUTPUT_LIMIT", ended.Outcome);
        Assert.Equal("OUTPUT_LIMIT", (await Host().Runs.FindAsync("many", cancellationToken: Token))!.Outcome);
        Assert.True(await host.Runs.DeleteAsync("many", cancellationToken: Token));
    }

    [Theory]
    [InlineData("new Date(8.64e15)")]
    [InlineData("new Date(-8.64e15)")]
    [InlineData("new Date(Date.UTC(10000, 0, 1))")]
    [InlineData("8.64e15")]
    [InlineData("1e300")]
    [InlineData("NaN")]
    [InlineData("new Date(NaN)")]
    [InlineData("'+275760-09-13T00:00:00.000Z'")]
    [InlineData("'9999-12-31T23:59:59.999-14:00'")]
    [InlineData("'0001-01-01T00:00:00+14:00'")]
    public async Task A_date_that_no_wait_has_fails_the_call(string date)
    {
        DurableRun ended = await Host().StartAsync($"try {{ await waitUntil({date}) }} catch (e) {{ return e.code }}", Named("never"), Token);

        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal("TOOL_INVALID_ARGUMENTS", ended.Result!.Value.AsString());
    }

    [Theory]
    [InlineData("new Date(Date.UTC(9999, 11, 31, 23, 59, 59, 999))")]
    [InlineData("253402300799999")]
    [InlineData("'9999-12-31T23:59:59.999Z'")]
    public async Task A_run_waits_until_the_last_date(string date)
    {
        DurableRun waiting = await Host(wakes: true).StartAsync($"await waitUntil({date})", Named("long"), Token);

        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");
        Assert.Equal(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), Assert.Single(waiting.Waits).Until!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_tool_that_answers_later_may_wait_without_end_and_not_for_a_time_before_now()
    {
        EnclaveHost host = Host(add: (tools) => tools.Add("ship", (ShipArgs args, ToolContext context, CancellationToken token) =>
            Task.FromResult(ToolResult.Later($"parcel-{args.Id}", TimeSpan.MaxValue))));

        DurableRun waiting = await host.StartAsync("return await callTool('ship', { id: 1 })", Named("endless"), Token);

        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");
        Assert.Null(Assert.Single(waiting.Waits).Until);
        Assert.Throws<ArgumentOutOfRangeException>(() => ToolResult.Later("parcel", TimeSpan.FromTicks(-1)));
    }
}
