namespace Enclave.Testing.Scripts;

/// <summary>An error of the script's own.</summary>
internal sealed class ThrownError(string name, string message) : Exception(message)
{
    public string Name { get; } = name;
}
