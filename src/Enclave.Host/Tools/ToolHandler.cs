using Enclave.Protocol;

namespace Enclave;

/// <summary>Answers the tool calls of scripts.</summary>
/// <param name="name">The tool's name as the script gave it: check it against your own list.</param>
/// <param name="args">The arguments, a <see cref="ScriptValueKind.Object"/> with whatever the script put there.</param>
/// <param name="context">The run's context; its token is cancelled when the run has ended.</param>
/// <returns>Anything that <see cref="ScriptValue.From"/> takes.</returns>
/// <remarks>
/// Called on a thread of the host's or of the thread pool, for calls of one run also at the same time. It may block: nothing of the host's waits for it.
/// Throw <see cref="ToolException"/> to tell the script what went wrong. Of any other exception it learns only that the tool failed, unless
/// <see cref="EnclaveOptions.DetailedToolErrors"/> is set; the exception is logged.
/// </remarks>
public delegate ValueTask<object?> ToolHandler(string name, ScriptValue args, ToolContext context);
