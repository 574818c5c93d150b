namespace Enclave.Cluster.Tests.Load;

/// <summary>The folder with the logs of one run: a file for each tenant's client, and one for the tools. It is kept if the run fails.</summary>
internal sealed class RunFolder
{
    private const string Clients = "client-*.jsonl", Tools = "tools.jsonl";

    public string Path { get; } = Directory.CreateTempSubdirectory("enclave-chaos-").FullName;

    public RecordFile<ClientRecord> Client(string tenant) => new(System.IO.Path.Combine(Path, Clients.Replace("*", tenant, StringComparison.Ordinal)));

    public RecordFile<ToolRecord> Tool() => new(System.IO.Path.Combine(Path, Tools));

    public IReadOnlyList<ClientRecord> ReadClients() => [.. Directory.GetFiles(Path, Clients).SelectMany(RecordFile<ClientRecord>.Read)];

    public IReadOnlyList<ToolRecord> ReadTools() => [.. RecordFile<ToolRecord>.Read(System.IO.Path.Combine(Path, Tools))];

    public void Delete() => Directory.Delete(Path, recursive: true);
}
