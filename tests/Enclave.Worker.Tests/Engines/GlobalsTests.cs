using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests.Engines;

/// <summary>Scripts see the same language on both workers, and nothing of the program around it.</summary>
public sealed class GlobalsTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Worker.Tests", "Engines");

    private static readonly RunLimits s_limits = ScriptJob.Usual with { MaxValueBytes = 4 << 20 };

    /// <summary>The lines that only one of the two has. A line begins with <c>native</c> or <c>portable</c>.</summary>
    private static readonly string s_known = Path.Combine(s_folder, "global-differences.txt");

    [Fact]
    public async Task Both_engines_have_the_same_globals_with_the_same_properties()
    {
        string code = await File.ReadAllTextAsync(Path.Combine(s_folder, "globals.js"));
        string[] native = List(code, isPortable: false), portable = List(code, isPortable: true);

        string[] differences = [.. native.Except(portable).Select((line) => $"native {line}"), .. portable.Except(native).Select((line) => $"portable {line}")];

        string[] known = [.. (await File.ReadAllLinesAsync(s_known)).Where((line) => line is not ("" or ['#', ..]))];
        Assert.DoesNotContain(differences, (line) => !known.Any((one) => Covers(one, line)));
        Assert.DoesNotContain(known, (one) => !differences.Any((line) => Covers(one, line)));
    }

    [Fact]
    public void No_object_of_ClearScript_or_NET_is_reachable()
    {
        const string Code = """
            const known = new Set(Reflect.ownKeys(Symbol).map((key) => Symbol[key])), seen = new Set(), waiting = [globalThis, [].values(), new Map().keys(),
              function* () {}, async () => {}, async function* () {}, [].values().map((x) => x), callTool, parallel, callTool('t'), new Error('x'), args];
            try { null.x } catch (e) { waiting.push(e) }
            try { callTool(1) } catch (e) { waiting.push(e) }
            try { eval('1') } catch (e) { waiting.push(e) }
            try { await callTool('fails') } catch (e) { waiting.push(e) }
            const found = [];
            for (let i = 0; i < waiting.length; i++) {
              const object = waiting[i];
              if ((typeof object !== 'object' && typeof object !== 'function') || object === null || seen.has(object)) continue;
              seen.add(object);
              const type = object.constructor?.name;
              if (typeof type === 'string' && /host|script|fast/i.test(type)) found.push(`an object of ${type}`);
              if (typeof object === 'function' && !(object instanceof Function) && object !== Function.prototype) found.push(`a function ${object.name}`);
              waiting.push(Object.getPrototypeOf(object));
              for (const key of Reflect.ownKeys(object)) {
                if (typeof key === 'symbol' && !known.has(key)) found.push(`the symbol ${String(key)}`);
                if (typeof key === 'string' && /engine|internal|clearscript|hostobject/i.test(key)) found.push(`the key ${key}`);
                const own = Object.getOwnPropertyDescriptor(object, key);
                waiting.push(own.value, own.get, own.set);
              }
            }
            return { found, count: seen.size };
            """;
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked, isPortable: true);

        JobAnswer answer = worker.Run(new ScriptJob(Code) { Globals = new { args = new object[] { 1, new { a = "x" } } } }, (call) =>
            call.Name == "fails" ? ToolReply.Error("E", "m", "C") : ToolReply.Value(new { a = 1 }));

        Assert.Equal("[]", answer.Value["found"].ToJsonString());
        Assert.InRange(answer.Value["count"].AsInt32(), 500, 10_000);
    }

    /// <summary>A line that ends in <c>*</c> covers all that begin like it.</summary>
    private static bool Covers(string known, string line) => known.EndsWith('*') ? line.StartsWith(known[..^1], StringComparison.Ordinal) : line == known;

    private static string[] List(string code, bool isPortable)
    {
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked, isPortable);
        return [.. worker.Run(new ScriptJob(code) { Limits = s_limits }).Value.Items.Select((line) => line.AsString())];
    }
}
