using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave run --durable</c> and <c>enclave runs</c>: processes that share a folder, and die.</summary>
public sealed class DurableTests : IDisposable
{
    private const int Kill = 9;

    private static readonly (string, string) s_key = ("ENCLAVE_JOURNAL_KEY", new string('a', 64));

    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_waits_in_a_folder_and_another_process_goes_on_with_it()
    {
        string script = _folder.File(
            "refund.js", "console.log('asks'); const ok = await waitFor('approval'); return ok ? await callTool('pay', { n: 1 }) : 'no';");
        string[] tools = ["--tool", "pay=cat"];

        CliResult started = await EnclaveAsync(["run", script, "--durable", "refund", "--store", Store, .. tools]);
        JsonElement shown = JsonDocument.Parse((await EnclaveAsync(["runs", "show", "refund", "--store", Store, "--json"])).Output).RootElement;
        string token = shown.GetProperty("waits")[0].GetProperty("token").GetString()!;
        CliResult answered = await EnclaveAsync(["runs", "answer", token, "true", "--store", Store]);
        CliResult again = await EnclaveAsync(["runs", "answer", token, "false", "--store", Store]);
        CliResult resumed = await EnclaveAsync(["runs", "resume", "refund", "--store", Store, .. tools]);
        CliResult listed = await EnclaveAsync(["runs", "list", "--store", Store]);

        Assert.Equal((ExitCode.Suspended, "asks\n"), (started.ExitCode, started.Output));
        Assert.Equal($"refund was put aside: c_1 waits for approval (token {token})\n", started.Error);
        Assert.Equal(("suspended", "console"), (shown.GetProperty("state").GetString(), shown.GetProperty("history")[0].GetProperty("type").GetString()));
        Assert.Equal((0, 2), (answered.ExitCode, again.ExitCode));
        Assert.Equal((0, "{\n  \"n\": 1\n}\n", ""), (resumed.ExitCode, resumed.Output, resumed.Error));
        Assert.StartsWith("refund\tended OK\t", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_waits_goes_on_when_another_one_answers()
    {
        string script = _folder.File("wait.js", "console.log('asks'); return 'got ' + await waitFor('word')");
        await using CliProcess waiting = CliProcess.Start(["run", script, "--durable", "word", "--store", Store, "--wait"], s_key);
        await waiting.NextLineAsync("the script's line");
        string? token = null;
        while (token is null)
        {
            CliResult shown = await EnclaveAsync(["runs", "show", "word", "--store", Store, "--json"]);
            JsonElement run = JsonDocument.Parse(shown.Output).RootElement;
            // Once it is put aside, only the answer makes the other process go on.
            if (run.GetProperty("state").GetString() == "suspended") token = run.GetProperty("waits")[0].GetProperty("token").GetString();
        }

        CliResult answered = await EnclaveAsync(["runs", "answer", token, "\"yes\"", "--store", Store]);

        Assert.Equal(0, answered.ExitCode);
        CliResult ended = await waiting.EndAsync();
        Assert.Equal((0, "asks\ngot yes\n"), (ended.ExitCode, ended.Output));
    }

    [Fact]
    public async Task All_that_is_due_goes_on_without_a_name()
    {
        string script = _folder.File("due.js", "return await waitFor('word')");
        foreach (string name in new[] { "a", "b", "c" }) await EnclaveAsync(["run", script, "--durable", name, "--store", Store]);
        JsonElement[] runs = [.. (await EnclaveAsync(["runs", "list", "--store", Store, "--json"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select((line) => JsonDocument.Parse(line).RootElement)];
        foreach (JsonElement run in runs.Where((run) => run.GetProperty("name").GetString() != "b"))
        {
            string token = run.GetProperty("waits")[0].GetProperty("token").GetString()!;
            await EnclaveAsync(["runs", "answer", token, run.GetProperty("name").GetRawText(), "--store", Store]);
        }

        CliResult resumed = await EnclaveAsync(["runs", "resume", "--store", Store]);

        Assert.Equal((0, "a c"), (resumed.ExitCode, string.Join(' ', resumed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order())));
    }

    [Fact]
    public async Task A_fork_is_shown_before_it_calls_anything()
    {
        string ledger = Path.Combine(_folder.Path, "ledger");
        string[] store = ["--store", Store], tools = ["--tool", $"step=tee -a {ledger}"];
        const string Code = "const one = await callTool('step', { n: 1 }); const two = await callTool('step', { n: 2 });";
        await EnclaveAsync(["run", _folder.File("one.js", $"{Code} throw new Error('no');"), "--durable", "one", .. store, .. tools]);
        string script = _folder.File("two.js", $"{Code.Replace("n: 2", "n: 3", StringComparison.Ordinal)} return [one.n, two.n];");

        CliResult dry = await EnclaveAsync(["runs", "fork", "one", "two", "--script", script, "--dry-run", "--json", .. store, .. tools]);
        CliResult refused = await EnclaveAsync(["runs", "fork", "one", "two", "--script", script, "--at", "4", .. store, .. tools]);
        string before = await File.ReadAllTextAsync(ledger, TestContext.Current.CancellationToken);
        CliResult forked = await EnclaveAsync(["runs", "fork", "one", "two", "--script", script, "--answer", "c_1={\"n\":7}", .. store, .. tools]);
        CliResult shown = await EnclaveAsync(["runs", "show", "two", .. store]);
        CliResult wrong = await EnclaveAsync(["runs", "fork", "one", "three", "--answer", "c_1", .. store]);

        JsonElement preview = JsonDocument.Parse(dry.Output).RootElement;
        Assert.Equal((0, 2, 2), (dry.ExitCode, preview.GetProperty("kept").GetInt32(), preview.GetProperty("difference").GetProperty("number").GetInt32()));
        Assert.Equal(
            """[{"callId":"c_2","name":"step","args":{"n":2}}] {"callId":"c_2","name":"step","args":{"n":3}}""",
            $"{JsonSerializer.Serialize(preview.GetProperty("repeated"))} {JsonSerializer.Serialize(preview.GetProperty("next"))}");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("enclave: the script of the fork does not repeat the 4 events", refused.Error, StringComparison.Ordinal);
        Assert.Equal("""{"n":1}{"n":2}""", before);
        Assert.Equal(0, forked.ExitCode);
        Assert.Equal("[7,3]", JsonSerializer.Serialize(JsonDocument.Parse(forked.Output).RootElement));
        Assert.Contains("was called after that: c_2 step {\"n\":2}\ngoes on with: c_2 step {\"n\":3}\n", forked.Error, StringComparison.Ordinal);
        Assert.Equal("""{"n":1}{"n":2}{"n":3}""", await File.ReadAllTextAsync(ledger, TestContext.Current.CancellationToken));
        Assert.Contains("forked from one", shown.Output, StringComparison.Ordinal);
        Assert.Equal((2, "enclave: --answer c_1: give the id of a call and its answer as JSON, as in c_2=true.\n"), (wrong.ExitCode, wrong.Error));
    }

    [Fact]
    public async Task Runs_that_ended_some_time_ago_are_removed_together()
    {
        string done = _folder.File("done.js", "return 1"), waits = _folder.File("waits.js", "return await waitFor('word')");
        foreach (string name in new[] { "a", "b" }) await EnclaveAsync(["run", done, "--durable", name, "--store", Store]);
        await EnclaveAsync(["run", waits, "--durable", "c", "--store", Store]);

        CliResult young = await EnclaveAsync(["runs", "delete", "--ended", "7d", "--store", Store]);
        CliResult old = await EnclaveAsync(["runs", "delete", "--ended", "0s", "--store", Store]);
        CliResult neither = await EnclaveAsync(["runs", "delete", "--store", Store]);

        Assert.Equal((0, "0 runs removed\n"), (young.ExitCode, young.Error));
        Assert.Equal((0, "2 runs removed\n"), (old.ExitCode, old.Error));
        Assert.Equal((2, "enclave: give NAME or --ended TIME.\n"), (neither.ExitCode, neither.Error));
        Assert.StartsWith("c\tsuspended\t", (await EnclaveAsync(["runs", "list", "--store", Store])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_sealed_with_another_key_is_left_alone()
    {
        await EnclaveAsync(["run", _folder.File("wait.js", "await waitFor('x')"), "--durable", "lost", "--store", Store]);
        (string, string) other = ("ENCLAVE_JOURNAL_KEY", new string('b', 64));

        CliResult waits = await EnclaveAsync(["runs", "delete", "lost", "--store", Store]);
        CliResult refused = await CliProcess.RunAsync("", ["runs", "cancel", "lost", "--store", Store], other);
        CliResult removed = await CliProcess.RunAsync("", ["runs", "delete", "lost", "--store", Store], other);
        CliResult listed = await EnclaveAsync(["runs", "list", "--store", Store]);

        Assert.Equal((2, ExitCode.HostFailed, ExitCode.HostFailed), (waits.ExitCode, refused.ExitCode, removed.ExitCode));
        Assert.Contains("its key is unknown to this host", refused.Error, StringComparison.Ordinal);
        Assert.Contains("its key is unknown to this host", removed.Error, StringComparison.Ordinal);
        Assert.Contains("lost", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_say_the_remedy()
    {
        string script = _folder.File("one.js", "return 1");

        CliResult place = await EnclaveAsync(["run", script, "--durable", "x"]), name = await EnclaveAsync(["run", script, "--store", Store]);
        CliResult wait = await EnclaveAsync(["run", script, "--wait"]), unknown = await EnclaveAsync(["runs", "show", "nope", "--store", Store]);
        CliResult key = await CliProcess.RunAsync("", ["runs", "list", "--store", Store], ("ENCLAVE_JOURNAL_KEY", "short"));

        Assert.Equal((2, "enclave: durable runs need a place: give --store FOLDER, or --store-file FILE for a database.\n"), (place.ExitCode, place.Error));
        Assert.Equal((2, "enclave: --store is for --durable NAME, --saved NAME and --keep-recordings: give one of them.\n"), (name.ExitCode, name.Error));
        Assert.Equal((2, "enclave: --wait needs --durable: other runs end anyway.\n"), (wait.ExitCode, wait.Error));
        Assert.Equal((2, "enclave: there is no durable run nope\n"), (unknown.ExitCode, unknown.Error));
        Assert.Contains("64 hexadecimal digits", key.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_processes_call_no_tool_twice_and_tell_every_unknown_outcome()
    {
        var random = new Random(20261126);
        int rounds = TestSize.Of(4, 100), kills = 0, unknown = 0;
        for (int round = 0; round < rounds; round++)
        {
            string ledger = Path.Combine(_folder.Path, $"ledger-{round}");
            string script = _folder.File($"steps-{round}.js", """
                const unknown = [];
                for (let i = 1; i <= 20; i++) {
                  try {
                    await callTool('step', { i });
                  } catch (e) {
                    if (e.code !== 'TOOL_OUTCOME_UNKNOWN') throw e;
                    unknown.push(i);
                  }
                }
                return unknown;
                """);
            string[] run = ["run", script, "--durable", $"steps-{round}", "--store", Store], resume = ["runs", "resume", $"steps-{round}", "--store", Store];
            // One write: a kill ends the tool's command as well, and half a line would be two calls in one.
            string[] tools = ["--tool", $"step=printf '%s\\n' \"$(cat)\" >> {ledger}", "--json"];
            CliResult? ended = null;
            for (int attempt = 0; ended is null; attempt++)
            {
                bool exists = Directory.Exists(Store) && (await EnclaveAsync(["runs", "show", $"steps-{round}", "--store", Store])).ExitCode == 0;
                await using CliProcess cli = CliProcess.Start([.. exists ? resume : run, .. tools], s_key);
                Task<CliResult> end = cli.EndAsync();
                // The first is killed after some of its calls, whatever the machine's speed; others at any moment of their start; later ones come to their end.
                if (attempt == 0) await CallsAsync(ledger, random.Next(1, 13), end);
                else if (attempt < 3) await Task.WhenAny(end, Task.Delay(random.Next(50, 600), TestContext.Current.CancellationToken));
                else await end;
                bool isKilled = !end.IsCompleted && cli.TrySignal(Kill);
                CliResult result = await end;
                if (isKilled && result.ExitCode != 0) kills++;
                else ended = result;
            }

            Assert.True(ended.ExitCode == 0, $"{ended.ExitCode} {ended.Output} {ended.Error}");
            int[] told = [.. JsonDocument.Parse(ended.Output).RootElement.GetProperty("value").EnumerateArray().Select((i) => i.GetInt32())];
            ILookup<int, string> calls = File.ReadAllLines(ledger).Where((line) => line.Length > 0)
                .ToLookup((line) => JsonDocument.Parse(line).RootElement.GetProperty("i").GetInt32());
            for (int i = 1; i <= 20; i++) Assert.True(calls[i].Count() <= 1 && (calls[i].Any() || told.Contains(i)), $"step {i}: {calls[i].Count()} calls");
            unknown += told.Length;
        }

        Assert.True(kills >= rounds, $"{kills} kills in {rounds} rounds");
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} runs, {kills} kills, {unknown} unknown outcomes");
    }

    /// <summary>Completes when the ledger has so many calls, or the process has ended.</summary>
    private static async Task CallsAsync(string ledger, int count, Task end)
    {
        while (!end.IsCompleted && !(File.Exists(ledger) && File.ReadAllText(ledger).Count((c) => c == '}') >= count))
            await Task.WhenAny(end, Task.Delay(2, TestContext.Current.CancellationToken));
    }

    private static Task<CliResult> EnclaveAsync(string[] arguments) => CliProcess.RunAsync("", arguments, s_key);
}
