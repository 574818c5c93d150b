using System.Text.Json;

namespace Enclave.LoadBench;

/// <summary>The catalogue in benchmarks/workloads.json. The peers read it too.</summary>
internal sealed class Catalogue
{
    private const string NeighbourName = "neighbour", FileName = "workloads.json";

    private readonly string _folder;
    private readonly JsonElement _root;
    private readonly bool _quick;

    /// <exception cref="BenchException">The folder has no <c>workloads.json</c>.</exception>
    public Catalogue(string folder, bool quick)
    {
        (_folder, _quick) = (folder, quick);
        if (!File.Exists(Path.Combine(folder, FileName))) throw new BenchException($"{folder} has no {FileName}");
        _root = ReadJson(FileName);
    }

    /// <summary>The time that .NET needs to compile for speed. A workload's own warm-up is too short for that.</summary>
    public TimeSpan LeastWarmUp
    {
        get
        {
            JsonElement dotnet = _root.GetProperty("dotnet");
            return TimeSpan.FromMilliseconds((_quick ? dotnet.GetProperty("quick") : dotnet).GetProperty("leastWarmupMs").GetDouble());
        }
    }

    /// <summary>The workloads that are measured, in the order of the file.</summary>
    public IReadOnlyList<string> Names => [.. Workloads.EnumerateObject().Select((entry) => entry.Name).Where((name) => name != NeighbourName)];

    private JsonElement Workloads => _root.GetProperty("workloads");

    /// <exception cref="BenchException">This program is not inside a checkout.</exception>
    public static Catalogue Find(bool quick)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enclave.sln"))) return new Catalogue(Path.Combine(folder.FullName, "benchmarks"), quick);
        }

        throw new BenchException($"Enclave.sln is not above {AppContext.BaseDirectory}: the workloads are read from a checkout");
    }

    public BenchJob Job(string name)
    {
        JsonElement workload = Workload(name);
        return Job(name, workload, workload.GetProperty("code"), Value(workload, "args")!.Value, Value(workload, "expect"));
    }

    /// <summary>The two jobs of the clean-state check: the second must not find traces of the first.</summary>
    public (BenchJob Dirty, BenchJob Look) CleanJobs()
    {
        JsonElement clean = _root.GetProperty("clean"), none = JsonSerializer.SerializeToElement(new { });
        return (Job("dirty", clean, clean.GetProperty("dirty"), none, null), Job("look", clean, clean.GetProperty("look"), none, clean.GetProperty("expect")));
    }

    /// <summary>The workload's own job, or the job of the workload that it names.</summary>
    public BenchJob JobOf(string name) => Job(Text(name, "job") ?? name);

    public BenchJob Neighbour(string name) => Job(Text(name, NeighbourName)!);

    public BenchJob Next(string name) => Job(Text(name, "next")!);

    public IReadOnlyList<BenchForm> Forms(string name) =>
        [.. Workload(name).GetProperty("forms").EnumerateArray().Select((form) => new BenchForm(
            form.GetProperty("name").GetString()!,
            TimeSpan.FromMilliseconds(form.GetProperty("gapMs").GetDouble()),
            (Quick(name, "warmup") ?? form.GetProperty("warmup")).GetInt32(),
            (Quick(name, "jobs") ?? form.GetProperty("jobs")).GetInt32()))];

    /// <summary>A number of a workload. A quick run may have another one.</summary>
    public int Number(string name, string key) => (Quick(name, key) ?? Workload(name).GetProperty(key)).GetInt32();

    private BenchJob Job(string name, JsonElement settings, JsonElement code, JsonElement arguments, JsonElement? expected)
    {
        JsonElement defaults = _root.GetProperty("defaults");
        return new BenchJob
        {
            Name = name,
            Code = string.Join('\n', code.EnumerateArray().Select((line) => line.GetString())),
            Arguments = arguments,
            Expected = expected,
            Scripts = settings.TryGetProperty("unguarded", out JsonElement unguarded) && unguarded.GetBoolean() ? Scripts.Unguarded : Scripts.Ordinary,
            TimeLimit = TimeSpan.FromMilliseconds(Either(settings, defaults, "timeMs").GetDouble()),
            MemoryLimit = Either(settings, defaults, "memoryMb").GetInt64() << 20,
        };
    }

    private JsonElement Workload(string name) => Workloads.TryGetProperty(name, out JsonElement found) && name.Length > 0
        ? found
        : throw new BenchException($"no workload {name}; there are {string.Join(", ", Names)}");

    private JsonElement? Quick(string name, string key) =>
        _quick && Workload(name).TryGetProperty("quick", out JsonElement quick) && quick.TryGetProperty(key, out JsonElement value) ? value : null;

    private string? Text(string name, string key) => Workload(name).TryGetProperty(key, out JsonElement value) ? value.GetString() : null;

    /// <summary>The value of a key, the content of the file that <c>…File</c> names, or the repeated text of <c>…Text</c>.</summary>
    private JsonElement? Value(JsonElement workload, string key)
    {
        if (workload.TryGetProperty(key + "File", out JsonElement file)) return ReadJson(file.GetString()!);
        if (!workload.TryGetProperty(key + "Text", out JsonElement text)) return workload.TryGetProperty(key, out JsonElement value) ? value : null;
        string whole = string.Concat(Enumerable.Repeat(text.GetProperty("unit").GetString()!, text.GetProperty("times").GetInt32()));
        return key == "args" ? JsonSerializer.SerializeToElement(new { text = whole }) : JsonSerializer.SerializeToElement(whole);
    }

    private static JsonElement Either(JsonElement first, JsonElement second, string key) =>
        first.TryGetProperty(key, out JsonElement value) ? value : second.GetProperty(key);

    private JsonElement ReadJson(string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(_folder, file)));
}
