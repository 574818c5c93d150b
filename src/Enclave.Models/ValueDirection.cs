namespace Enclave.Models;

/// <summary>The direction of a value.</summary>
internal enum ValueDirection
{
    FromScript,
    FromTool,
}
