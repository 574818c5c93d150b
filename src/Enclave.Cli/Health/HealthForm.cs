namespace Enclave.Cli.Health;

/// <summary>How the answer is printed.</summary>
internal enum HealthForm
{
    /// <summary>The answer as it came, and the fault on standard error.</summary>
    Text,

    /// <summary>One JSON object on standard output, well or not.</summary>
    Json,
}
