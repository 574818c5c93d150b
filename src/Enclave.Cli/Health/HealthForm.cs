namespace Enclave.Cli.Health;

/// <summary>How the answer is printed.</summary>
internal enum HealthForm
{
    /// <summary>What was told, as it came; what is wrong on standard error.</summary>
    Text,

    /// <summary>One JSON object on standard output, well or not.</summary>
    Json,
}
