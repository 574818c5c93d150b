namespace Enclave.Models;

/// <summary>Who makes a value.</summary>
internal enum ValueDirection
{
    FromScript,
    FromTool,
}
