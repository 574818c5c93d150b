using System.Text.Json;

namespace Enclave.MicroBench;

/// <summary>W2 of benchmarks/workloads.json: its script and its records.</summary>
internal static class Texts
{
    private static readonly string s_folder = Folder();

    public static string Script { get; } = Code("W2");

    public static JsonElement Records { get; } = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(s_folder, "records.json")));

    public static string Code(string workload) =>
        string.Join('\n', JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(s_folder, "workloads.json")))
        .GetProperty("workloads").GetProperty(workload).GetProperty("code").EnumerateArray().Select((line) => line.GetString()));

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enclave.sln"))) return Path.Combine(folder.FullName, "benchmarks");
        }

        throw new InvalidOperationException($"Enclave.sln is not above {AppContext.BaseDirectory}: the workloads are read from a checkout");
    }
}
