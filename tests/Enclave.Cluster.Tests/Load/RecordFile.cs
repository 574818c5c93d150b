using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Cluster.Tests.Load;

/// <summary>A log file: one JSON object per line, in order of arrival.</summary>
internal sealed class RecordFile<T>(string path) : IDisposable
{
    private static readonly JsonSerializerOptions s_form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path);

    public void Add(T record)
    {
        string line = JsonSerializer.Serialize(record, s_form);
        lock (_gate) _file.WriteLine(line);
    }

    public void Dispose() => _file.Dispose();

    public static IEnumerable<T> Read(string path) => File.ReadLines(path).Select((line) => JsonSerializer.Deserialize<T>(line, s_form)!);
}
