namespace Enclave.Processes;

/// <summary>The host's ends of a worker's pipes, as descriptors; -1 for none.</summary>
/// <param name="In">Where the host writes frames.</param>
/// <param name="Out">Where it reads them.</param>
/// <param name="Log">Where it reads the log.</param>
internal readonly record struct HostPipes(int In, int Out, int Log)
{
    public static HostPipes None { get; } = new(-1, -1, -1);
}
