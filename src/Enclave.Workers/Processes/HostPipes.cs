namespace Enclave.Processes;

/// <summary>The host's ends of a worker's pipes, as descriptors; -1 for none.</summary>
/// <param name="In">The host writes frames here.</param>
/// <param name="Out">The host reads frames here.</param>
/// <param name="Log">The host reads the log here.</param>
internal readonly record struct HostPipes(int In, int Out, int Log)
{
}
