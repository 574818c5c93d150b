using System.Text.Json;
using Enclave.Tests;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>Scripts that are answered before they end.</summary>
public sealed class WaitFunctionTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EnclaveHost _enclave;
    private readonly AIFunction _run, _wait;
    private int _marks;

    public WaitFunctionTests()
    {
        var options = new EnclaveOptions { WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 10 }, Timeout = TimeSpan.FromMinutes(2) };
        options.Tools.Add("gate", async (CancellationToken token) =>
        {
            await _go.Task.WaitAsync(token);
            return "open";
        });
        options.Tools.Add("mark", () => Interlocked.Increment(ref _marks));
        _enclave = new EnclaveHost(options);
        IReadOnlyList<AIFunction> functions = _enclave.AsAIFunctions(new CodeFunctionOptions
        {
            YieldAfter = TimeSpan.FromMilliseconds(50),
            ForCall = (call, run) => run with { Tenant = call.TryGetValue("tenant", out object? tenant) ? (string?)tenant : null },
        });
        (_run, _wait) = (functions[0], functions[3]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task It_says_what_it_printed_then_what_it_printed_since_and_its_value_once()
    {
        JsonElement first = await Run("console.log('one'); const gate = await callTool('gate'); console.log('two'); return gate");
        string handle = first.GetProperty("running").GetString()!;
        // The worker may have started later than the answer.
        string printed = Console(first);
        while (printed.Length == 0) printed = Console(await Wait(handle, 0));
        Assert.Equal("one\n", printed);
        Assert.Equal($"{{\"running\":\"{handle}\"}}", (await Wait(handle, 0)).GetRawText());

        _go.SetResult();

        Assert.Equal("""{"value":"open","console":"two\n"}""", (await Wait(handle, 60)).GetRawText());
        Assert.Contains("its last answer was given", (await Wait(handle, 0)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handle_is_of_one_tenant_and_cannot_be_guessed()
    {
        string handle = Handle(await Run("return await callTool('gate')", "acme"));

        Assert.Equal(32, handle.Length);
        Assert.Contains("No script has this handle", (await Wait(handle, 0, "other")).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("No script has this handle", (await Wait(handle, 0)).GetProperty("error").GetString(), StringComparison.Ordinal);
        _go.SetResult();
        Assert.Equal("open", (await Wait(handle, 60, "acme")).GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_model_can_cancel_it_and_its_worker_is_free()
    {
        string handle = Handle(await Run("return await callTool('gate')"));

        JsonElement answer = Json(await _wait.InvokeAsync(new AIFunctionArguments { ["running"] = handle, ["seconds"] = 60, ["cancel"] = true }, Token));

        Assert.Contains("was cancelled", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        await Within.Becomes(() => _enclave.GetSnapshot().ActiveWorkers == 0, "its worker is free");
    }

    [Fact]
    public async Task It_outlives_the_token_of_the_call_that_began_it_but_not_its_own_timeout()
    {
        using var call = new CancellationTokenSource();
        string handle = Handle(Json(await _run.InvokeAsync(new AIFunctionArguments { ["code"] = "return await callTool('gate')" }, call.Token)));
        await call.CancelAsync();
        _go.SetResult();
        Assert.Equal("open", (await Wait(handle, 60)).GetProperty("value").GetString());

        IReadOnlyList<AIFunction> brief = _enclave.AsAIFunctions(new CodeFunctionOptions
        {
            YieldAfter = TimeSpan.FromMilliseconds(20),
            Run = new RunOptions
            {
                Timeout = TimeSpan.FromMilliseconds(300),
                Tools = new ToolCollection().Add("never", (CancellationToken token) => Task.Delay(Timeout.Infinite, token)),
            },
        });
        JsonElement answer = Json(await brief[0].InvokeAsync(new AIFunctionArguments { ["code"] = "await callTool('never')" }, Token));
        if (answer.TryGetProperty("running", out JsonElement running))
            answer = Json(await brief[3].InvokeAsync(new AIFunctionArguments { ["running"] = running.GetString(), ["seconds"] = 60 }, Token));
        Assert.Contains("TIMEOUT", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_the_first_answer_ends_its_run()
    {
        using var call = new CancellationTokenSource();
        AIFunction patient = _enclave.AsAIFunctions(new CodeFunctionOptions { YieldAfter = TimeSpan.FromMinutes(5) })[0];
        Task<object?> running = patient.InvokeAsync(new AIFunctionArguments { ["code"] = "return await callTool('gate')" }, call.Token).AsTask();
        await Within.Becomes(() => _enclave.GetSnapshot().ActiveWorkers == 1, "it runs");

        await call.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Within.Becomes(() => _enclave.GetSnapshot().ActiveWorkers == 0, "its worker is free");
    }

    [Fact]
    public async Task Eight_at_once_wait_for_themselves_and_a_ninth_is_refused_until_one_is_answered()
    {
        string[] handles = [.. (await Task.WhenAll(Enumerable.Range(0, 8).Select((i) => Run($"await callTool('gate'); return {i}")))).Select(Handle)];

        JsonElement ninth = await Run("return 9");
        Assert.Contains("8 scripts of this conversation", ninth.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(9, await NineAsync("other"));

        _go.SetResult();
        JsonElement[] answers = await Task.WhenAll(handles.Select((handle) => Wait(handle, 60)));
        Assert.Equal(Enumerable.Range(0, 8), answers.Select((answer) => answer.GetProperty("value").GetInt32()));
        Assert.Equal(9, await NineAsync(null));
    }

    [Fact]
    public async Task Two_waits_for_one_run_get_one_answer()
    {
        string handle = Handle(await Run("return await callTool('gate')"));
        Task<JsonElement[]> both = Task.WhenAll(Wait(handle, 60), Wait(handle, 60));

        _go.SetResult();

        Assert.Single(await both, (answer) => answer.TryGetProperty("value", out _));
    }

    [Fact]
    public async Task A_value_that_nobody_fetches_is_kept_no_longer_than_its_answer_is()
    {
        const string Code = "await callTool('gate'); let text = 'x'; for (let i = 0; i < 23; i++) text += text; return text";
        string[] handles = [.. (await Task.WhenAll(Enumerable.Range(0, 8).Select((_) => Run(Code, "large")))).Select(Handle)];
        long before = GC.GetTotalMemory(forceFullCollection: true);

        _go.SetResult();

        await Within.Becomes(() => _enclave.GetSnapshot().ActiveWorkers == 0, "all have ended");
        // The values take 16 MB each.
        await Within.Becomes(() => GC.GetTotalMemory(forceFullCollection: true) - before < 64 << 20, "their values are gone");
        foreach (string handle in handles) Assert.Contains("more than 10000 tokens", Left(await Wait(handle, 60, "large")), StringComparison.Ordinal);

        static string Left(JsonElement answer) => answer.GetProperty("leftOut").GetString()!;
    }

    [Fact]
    public async Task Answers_that_nobody_fetches_make_room_for_those_of_all_functions()
    {
        const string Code =
            "await new Promise((done) => setTimeout(done, 500)); await callTool('mark'); return { mimeType: 'image/png', data: new Uint8Array(8_000_000) }";
        (AIFunction Run, AIFunction Wait) quiet = Functions("quiet"), first = Functions("crowd"), second = Functions("crowd");
        string other = await EndedAsync(quiet), oldest = await EndedAsync(first), newest = "";
        for (int i = 0; i < 6; i++) await EndedAsync(first);
        for (int i = 0; i < 6; i++) newest = await EndedAsync(second);

        Assert.Contains("No script has this handle", Assert.IsType<JsonElement>(await AnswerAsync(first, oldest)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(8_000_000, FileOf(await AnswerAsync(second, newest)));
        // Another tenant keeps less, and loses nothing.
        Assert.Equal(8_000_000, FileOf(await AnswerAsync(quiet, other)));

        static int FileOf(object? answer) => Assert.IsType<DataContent>(Assert.IsType<List<AIContent>>(answer)[1]).Data.Length;

        (AIFunction, AIFunction) Functions(string tenant)
        {
            IReadOnlyList<AIFunction> all = _enclave.AsAIFunctions(new CodeFunctionOptions
            {
                YieldAfter = TimeSpan.FromMilliseconds(10),
                MaxContentBytes = 16 << 20,
                Run = new RunOptions { Tenant = tenant },
            });
            return (all[0], all[3]);
        }

        // One after the other, so that they end in this order.
        async Task<string> EndedAsync((AIFunction Run, AIFunction Wait) functions)
        {
            int before = Volatile.Read(ref _marks);
            object? answer = await functions.Run.InvokeAsync(new AIFunctionArguments { ["code"] = Code }, Token);
            await Within.Becomes(() => Volatile.Read(ref _marks) > before && _enclave.GetSnapshot().ActiveWorkers == 0, "it has ended");
            return Handle(Assert.IsType<JsonElement>(answer));
        }

        static async Task<object?> AnswerAsync((AIFunction Run, AIFunction Wait) functions, string handle) =>
            await functions.Wait.InvokeAsync(new AIFunctionArguments { ["running"] = handle, ["seconds"] = 60 }, Token);
    }

    [Fact]
    public void Wrong_options_and_arguments_are_told()
    {
        var second = new CodeFunctionOptions { YieldAfter = TimeSpan.FromSeconds(1) };
        Assert.Contains("AsAIFunctions", Assert.Throws<ArgumentException>(() => _enclave.AsAIFunction(second)).Message, StringComparison.Ordinal);
        CodeFunctionOptions none = second with { YieldAfter = TimeSpan.Zero };
        Assert.Contains("10 ms", Assert.Throws<ArgumentException>(() => _enclave.AsAIFunctions(none)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "running is missing")]
    [InlineData("""{ "running": "x", "seconds": -1 }""", "from 0 to 300")]
    [InlineData("""{ "running": "x", "seconds": "a" }""", "from 0 to 300")]
    [InlineData("""{ "running": "x" }""", "No script has this handle")]
    public async Task Wrong_arguments_are_answers(string arguments, string words) => Assert.Contains(
        words,
        Json(await _wait.InvokeAsync(new AIFunctionArguments(JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!), Token))
            .GetProperty("error").GetString(),
        StringComparison.Ordinal);

    private async Task<int> NineAsync(string? tenant)
    {
        JsonElement answer = await Run("return 9", tenant);
        // On a busy machine.
        if (answer.TryGetProperty("running", out JsonElement running)) answer = await Wait(running.GetString()!, 60, tenant);
        return answer.GetProperty("value").GetInt32();
    }

    private static string Console(JsonElement answer) => answer.TryGetProperty("console", out JsonElement text) ? text.GetString()! : "";

    private static string Handle(JsonElement answer) =>
        answer.TryGetProperty("running", out JsonElement handle) ? handle.GetString()! : throw new InvalidOperationException(answer.GetRawText());

    private static JsonElement Json(object? answer) => Assert.IsType<JsonElement>(answer);

    private async Task<JsonElement> Run(string code, string? tenant = null) =>
        Json(await _run.InvokeAsync(new AIFunctionArguments { ["code"] = code, ["tenant"] = tenant }, Token));

    private async Task<JsonElement> Wait(string handle, double seconds, string? tenant = null) =>
        Json(await _wait.InvokeAsync(new AIFunctionArguments { ["running"] = handle, ["seconds"] = seconds, ["tenant"] = tenant }, Token));
}
