namespace Enclave.Testing.Scripts;

/// <summary>An error thrown by the script.</summary>
internal sealed class ThrownError(string name, string message) : Exception(message)
{
    public string Name { get; } = name;
}
