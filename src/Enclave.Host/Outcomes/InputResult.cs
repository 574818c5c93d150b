using Enclave.Protocol;

namespace Enclave;

/// <summary>The answer for one of many inputs (<see cref="IEnclave.RunManyAsync"/>).</summary>
/// <param name="Index">The place of the input, from 0.</param>
/// <param name="Value">The script's value; <see cref="ScriptValue.Undefined"/> if it failed.</param>
/// <param name="Error">Why it failed; null if it succeeded. It is the same error as in a run of this input alone.</param>
public readonly record struct InputResult(long Index, ScriptValue Value, ExecutionError? Error)
{
    /// <summary>True if the script returned a value.</summary>
    public bool Success => Error is null;
}
