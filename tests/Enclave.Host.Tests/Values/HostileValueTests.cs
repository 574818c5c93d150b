using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>
/// The worker keeps to the protocol for every value of a script, even one that changes while it is read: the value crosses as docs/values.md says, or the
/// script gets an error. The scripts are not checked first, so every level reaches the native writer.
/// </summary>
public sealed class HostileValueTests(ITestOutputHelper output)
{
    private const int Seed = 19, Batch = 50, AtOnce = 4;

    private static readonly string s_model = HostileValues.Tools + File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Values", "model.js"));

    private readonly ConcurrentQueue<SecurityEvent> _events = [];

    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Every_value_of_a_script_crosses_as_it_is_documented_or_is_the_scripts_own_error(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        // Every seed shows a wrong level; each level has its own values.
        int seed = Seed + ((int)level * 1_000_000), count = TestSize.Of(250, 5_000);
        output.WriteLine($"{count} values of the seed {seed}");
        await using EnclaveHost host = Open(level), reference = Open(SecurityLevel.Permissive);
        var values = new HostileValues(seed);
        ConcurrentQueue<string> wrong = [];
        for (int first = 0; first < count; first += Batch)
        {
            string[] batch = [.. Enumerable.Range(0, Batch).Select((_) => values.Next())];
            Expected[] expected = await Model(reference, batch, level);
            IEnumerable<(int Index, Place Place)> crossings = Enumerable.Range(0, Batch).SelectMany((i) => Places(first + i).Select((place) => (i, place)));
            await Parallel.ForEachAsync(crossings, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (crossing, _) =>
            {
                (int i, Place place) = crossing;
                string? fault = await Fault(host, place, batch[i], expected[i]);
                if (fault is not null) wrong.Enqueue($"value {first + i} of the seed {seed} as {place}: {fault}\n    {batch[i]}");
            });
            if (wrong.Count >= 10 || !_events.IsEmpty) break;
        }

        Assert.True(wrong.IsEmpty && _events.IsEmpty, string.Join('\n', wrong.Concat(_events.Select((told) => $"{told.Kind}: {told.Detail}"))));
    }

    [Theory]
    [InlineData("new Date()", "a date")]
    [InlineData("new Date(8.64e15)", "a date")]
    [InlineData("new Date(NaN)", "null")]
    [InlineData("new Set([1])", "an array")]
    [InlineData("/x/", "a string")]
    [InlineData("new String('')", "a string")]
    [InlineData("Object('\\ud800')", "a string")]
    [InlineData("new Uint8Array(3)", "bytes")]
    [InlineData("new ArrayBuffer(300)", "bytes")]
    [InlineData("new Float64Array(3)", "an array")]
    [InlineData("Object(1n)", "a BigInt")]
    [InlineData("Object(2n ** 300n)", "a BigInt")]
    [InlineData("Object(1.5)", "a number")]
    [InlineData("Object(false)", "a boolean")]
    [InlineData("[1]", "an array")]
    [InlineData("Array(20).fill(1)", "an array")]
    [InlineData("new Proxy([1], {})", "an array")]
    [InlineData("new (class Rows extends Array {})()", "an array")]
    [InlineData("1", null)]
    [InlineData("null", null)]
    [InlineData("Symbol('s')", null)]
    public async Task Arguments_that_are_no_object_are_a_TypeError_of_the_script(string arguments, string? kind)
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);

        ExecutionResult result = await host.RunAsync(
            $"{HostileValues.Tools} try {{ await callTool('t', {arguments}) }} catch (error) {{ return `${{error.name}}: ${{error.message}}` }}");

        Assert.Equal($"TypeError: callTool: the second argument is an object with the tool's arguments{(kind is null ? "" : $"; this one crosses as {kind}")}",
            result.Value.AsString());
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData("new Map([['a', 1]])", "{\"a\":1}")]
    [InlineData("new (class A { a = 1 })()", "{\"a\":1}")]
    [InlineData("new Proxy({ a: 1 }, {})", "{\"a\":1}")]
    [InlineData("Object.assign(Object.create(null), { a: 1 })", "{\"a\":1}")]
    [InlineData("undefined", "{}")]
    public async Task A_value_that_crosses_as_an_object_is_taken_as_arguments(string arguments, string json)
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);

        ExecutionResult result = await host.RunAsync($"return callTool('t', {arguments})");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(json, result.Value.ToJsonString());
    }

    // The header states their number, and one of the getters changes it.
    [Theory]
    [InlineData("on([1, 2], 0, (o) => { o.push(5, 6); return 1 })", "[1,2]")]
    [InlineData("on([1, 2, 3], 0, (o) => { o.length = 1; return 1 })", "[1,null,null]")]
    [InlineData("on(['a', 2], 1, (o) => { o.push(5, 6); return 1 })", "[\"a\",1]")]
    [InlineData("on([1, 2], 1, () => ({ n: ++n }))", "[1,{\"n\":1}]")]
    public async Task An_array_that_changes_while_it_is_read_has_as_many_elements_as_it_had(string array, string json)
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);

        ExecutionResult given = await host.RunAsync($"{HostileValues.Tools} let n = 0; return (await callTool('t', {{ a: {array} }})).a");
        ExecutionResult result = await host.RunAsync($"{HostileValues.Tools} let n = 0; return {array}");

        Assert.True(given.Success && result.Success, given.Error?.Message ?? result.Error?.Message);
        Assert.Equal((json, json), (given.Value.ToJsonString(), result.Value.ToJsonString()));
        Assert.Empty(_events);
    }

    // In a short run each value crosses in one place, in turns.
    private static Place[] Places(int value) => TestSize.Full ? Enum.GetValues<Place>() : [(Place)(value % 5)];

    // One value's BigInts are bounded together: 17 of the longest cost the host as much as one of 33 KB.
    [Theory]
    [InlineData(15, null, null)]
    [InlineData(17, ErrorCode.OutputLimit, ErrorCode.ToolError)]
    public async Task The_BigInts_of_one_value_are_bounded_together(int count, ErrorCode? asResult, ErrorCode? asArgument)
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);
        string value = $"Array({count}).fill(2n ** {(8L * ProtocolLimits.MaxBigIntBytes) - 2}n)";

        ExecutionResult result = await Run(host, $"return {value}");
        ExecutionResult given = await Run(host, $"return (await callTool('t', {{ a: {value} }})).a.length");

        Assert.Equal((asResult, asArgument), (result.Error?.Code, given.Error?.Code));
        Assert.Empty(_events);
    }

    private static async Task<Expected[]> Model(EnclaveHost host, string[] values, SecurityLevel level)
    {
        // docs/levels.md
        (int depth, int members) = level switch { SecurityLevel.Standard => (50, 100_000), SecurityLevel.Permissive => (100, 1_000_000), _ => (20, 10_000) };
        IEnumerable<string> judged = values.Select((value) => string.Join(
            ", ",
            $"[(() => {{ let n = 0; return model.crossing(() => {value}, {depth}, {members}); }})()",
            $"(() => {{ let n = 0; return model.crossing(() => [{value}], {depth}, {members}); }})()",
            $"(() => {{ let n = 0; return model.thrown(() => {value}); }})()]"));
        ExecutionResult result = await Within.Deadline(
            host.RunAsync($"{s_model}\nconst call = () => {{}}, say = () => {{}};\nreturn [{string.Join(",\n", judged)}]"), "answer of the model");
        Assert.True(result.Success, $"{result.Error?.Message} {result.Error?.Stack}\n{string.Join('\n', values)}");
        return [.. result.Value.Items.Select((item) => new Expected(item[0].AsString(), item[1].AsString(), item[2][0].AsString(), item[2][1].AsString()))];
    }

    private static async Task<string?> Fault(EnclaveHost host, Place place, string value, Expected expected)
    {
        string start =
            $"{HostileValues.Tools} const call = () => {{ callTool('inner', {{ n }}).catch(() => 0); }}, say = () => console.log('inner'); let n = 0; ";
        switch (place)
        {
            case Place.Result:
                // In an array: the language itself checks if a result has a then.
                return Difference(await Run(host, $"{start} return [{value}]"), expected.InArray);
            case Place.Arguments:
                return await InArguments(host, start, value, expected.Alone);
            // ClearScript reads members of what a script has thrown, too: the traps of a proxy count these reads.
            case Place.Thrown when TestedEngine.IsPortable && value.Contains("Proxy", StringComparison.Ordinal):
                return null;
            case Place.Thrown:
                ExecutionResult thrown = await Run(host, $"{start} throw {value}");
                string told = $"{thrown.Error?.Code} {ValueText.Quoted(thrown.Error?.Name ?? "")} {ValueText.Quoted(thrown.Error?.Message ?? "")}",
                    wanted = $"{ErrorCode.RuntimeError} {expected.Name} {expected.Message}";
                return told == wanted ? null : $"{told}, expected {wanted}";
            case Place.Console:
                return await InConsole(host, start, value, expected.Alone);
            default:
                return await AsGlobal(host, value, start, expected.InArray);
        }
    }

    private static async Task<string?> InArguments(EnclaveHost host, string start, string value, string expected)
    {
        ExecutionResult result = await Run(host, $"{start} try {{ const given = await callTool('keep', {value}); return ['given', given] }} catch (error) {{ " +
            $"return [`${{error instanceof TypeError}}`] }}");
        if (!result.Success) return $"{result.Error!.Code}: {result.Error.Message}";
        if (expected == "vu") expected = "v{}";
        if (expected.StartsWith("v{", StringComparison.Ordinal))
        {
            string answered = result.Value.Count == 2 ? $"v{ValueText.Of(result.Value[1])}" : "an error";
            return answered == expected ? null : $"{answered}, expected {expected}";
        }

        // A getter may throw anything. Every other error is a TypeError.
        return result.Value[0].AsString() == "true" || (expected == "t" && result.Value[0].AsString() == "false")
            ? null
            : $"{result.Value}, expected a TypeError for {expected}";
    }

    private static async Task<string?> InConsole(EnclaveHost host, string start, string value, string expected)
    {
        ExecutionResult result = await Run(
            host, $"{start} const value = {value}; try {{ console.log(value) }} catch {{ return 'thrown' }} return typeof value");
        if (!result.Success) return expected == "t" && result.Error!.Code == ErrorCode.RuntimeError ? null : $"{result.Error!.Code}: {result.Error.Message}";
        if (result.Value.AsString() != "string")
            return result.Value.AsString() == "thrown" || result.Stdout.EndsWith('\n') ? null : $"no line: {result.Stdout}";
        // A text is a line without changes, except for half characters, which UTF-8 does not have.
        string line = $"vs{ValueText.Quoted(result.Stdout[..^1])}";
        return line.Contains("\\ufffd", StringComparison.Ordinal) || line == expected ? null : $"{line}, expected {expected}";
    }

    private static async Task<string?> AsGlobal(EnclaveHost host, string value, string start, string expected)
    {
        ExecutionResult first = await Run(host, $"{start} return [{value}]");
        if (!first.Success) return Difference(first, expected);
        ExecutionResult result = await Run(host, "return given", new RunOptions { Globals = new Dictionary<string, object?> { ["given"] = first.Value } });
        return Difference(result, expected);
    }

    private static string? Difference(ExecutionResult result, string expected)
    {
        string came = result.Success ? $"v{ValueText.Of(result.Value)}" : result.Error switch
        {
            { Code: ErrorCode.OutputLimit } => "l",
            { Code: ErrorCode.RuntimeError, Name: "TypeError" } error when error.Message.Contains("cannot cross: values are data only",
                StringComparison.Ordinal) => "r",
            { Code: ErrorCode.RuntimeError } => "t",
            { } error => $"{error.Code}: {error.Message}",
            null => "no answer",
        };
        return came == expected ? null : $"{came} {result.Error?.Message}, expected {expected}";
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options), $"answer to {code}");

    private EnclaveHost Open(SecurityLevel level)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Validate = false,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1, MaxPendingToolCalls = 1_000 },
            MaxIterations = 10_000_000,
            MaxConsoleCalls = 10_000,
            MaxToolCalls = 1_000,
            OnSecurityEvent = _events.Enqueue,
            ToolHandler = (_, args, _) => new ValueTask<object?>(args),
        };
        return new EnclaveHost(options);
    }

    private enum Place
    {
        Result,
        Arguments,
        Thrown,
        Console,
        Global,
    }

    private sealed record Expected(string Alone, string InArray, string Name, string Message);
}
