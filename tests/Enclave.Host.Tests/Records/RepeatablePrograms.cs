using Enclave.Protocol;

namespace Enclave.Host.Tests.Records;

/// <summary>
/// Makes programs from everything that differs between runs: randomness, time, concurrent tool calls
/// answered in any order, failures, calls that are not awaited.
/// </summary>
internal class RepeatablePrograms(Random random)
{
    private static readonly string[] s_tools = ["echo", "later", "fail", "odd"];
    private int _names;

    /// <summary>The functions for timers that the programs use. Default: none.</summary>
    public IReadOnlyList<string> Timers { get; init; } = [];

    public string Next()
    {
        _names = 0;
        string body = string.Join('\n', Enumerable.Range(0, random.Next(2, 8)).Select((_) => Statement(2)));
        string end = random.Next(8) switch
        {
            0 => "throw new RangeError('end ' + Math.random())",
            1 => "await callTool('fail', { at: Date.now() })",
            2 => "return [seen, Math.random(), new Date().toISOString(), 0 / 0, -0, 10n ** 20n]",
            _ => "return [seen, Math.random(), Date.now()]",
        };
        return $"const seen = [];\n{body}\n{end};";
    }

    /// <summary>Answers in a random order: each call yields a random number of times.</summary>
    public static async ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context)
    {
        for (int i = Random.Shared.Next(name == "later" ? 40 : 4); i > 0; i--) await Task.Yield();
        return name switch
        {
            "fail" => throw new ToolException($"no {Random.Shared.Next(1000)}") { Name = "NoSuchRow", Code = "E" + Random.Shared.Next(10) },
            "odd" => new object?[] { double.NaN, System.Numerics.BigInteger.Pow(7,
                40), new byte[] { 1, 2 }, DateTimeOffset.UnixEpoch.AddDays(Random.Shared.Next(9000)), ScriptValue.Undefined, "\ud800" },
            _ => new { Args = args, N = Random.Shared.Next() },
        };
    }

    protected virtual string Statement(int depth)
    {
        string name = $"v{_names++}", tool = s_tools[random.Next(s_tools.Length)];
        string call = $"callTool('{tool}', {{ x: Math.random(), at: Date.now(), n: {random.Next(5)} }})";
        return random.Next(Timers.Count == 0 ? 10 : 16) switch
        {
            10 or 11 => $"await new Promise((done) => setTimeout(done, {random.Next(6)})); seen.push(Date.now(), performance.now());",
            12 => $"{Timers[random.Next(Timers.Count)]}(() => {{ seen.push('timer', Date.now()); console.log(crypto.randomUUID()); }}, {random.Next(9)});",
            13 => $"seen.push(await Promise.race([{call}, new Promise((done) => setTimeout(done, {random.Next(3)}, 'late'))]).catch((e) => e.code));",
            14 => $"clearTimeout(setTimeout(() => seen.push('never'), {random.Next(9)})); setTimeout(() => callTool('later', {{ n: Math.random() }}), 1);",
            15 => $"const s{name} = AbortSignal.timeout({random.Next(5)}); s{name}.onabort = () => seen.push(s{name}.reason.name, Math.random());",
            0 => "seen.push(Math.random(), Date.now());",
            1 => $"console.{(random.Next(2) == 0 ? "log" : "warn")}('line', Math.random(), new Date());",
            2 => $"try {{ seen.push(await {call}); }} catch (e) {{ console.error(e.name, e.message, e.code); }}",
            3 => $"for (const r of await Promise.allSettled([{call}, callTool('later', {{ n: 1 }}), callTool('echo', {{ n: Math.random() }})])) " +
            "seen.push(r.status, r.value);",
            4 => $"const {name} = await Promise.race([callTool('later', {{ n: 1 }}), callTool('later', {{ n: 2 }}), callTool('echo', {{ n: 3 }})]); " +
            $"seen.push({name}); console.log({name});",
            // It is not awaited: its answer comes only if the rest takes long enough.
            5 => "callTool('later', { n: Math.random() });",
            6 when depth > 0 => $"if (Math.random() < 0.5) {{ {Statement(depth - 1)} }} else {{ {Statement(depth - 1)} }}",
            7 when depth > 0 => $"for (let i = 0; i < {random.Next(1, 4)}; i++) {{ {Statement(depth - 1)} }}",
            8 => "await Promise.all([1, 2, 3].map((n) => callTool('later', { n }).then((r) => { console.info(n, Date.now()); seen.push(r); })));",
            _ => $"seen.push([{random.Next(9)}, 'x'].sort(() => Math.random() - 0.5));",
        };
    }
}
