using Enclave.Protocol;

namespace Enclave;

/// <summary>Answers the tool calls of scripts.</summary>
/// <param name="name">The tool's name as the script gave it. Check it against your own list.</param>
/// <param name="args">The arguments, a <see cref="ScriptValueKind.Object"/> with any content from the script.</param>
/// <param name="context">The run's context; its token is cancelled when the run has ended.</param>
/// <returns>Any value that <see cref="ScriptValue.From"/> accepts.</returns>
/// <remarks>
/// Called on a thread of the host's own, also concurrently for one run: at most 16 calls of a run hold a thread at a time. It may block: the host does not
/// wait for it. After an await that has to wait it usually continues on the thread pool, where it must not block.
/// Throw <see cref="ToolException"/> to give the script an error. After any other exception the script learns only that the tool failed, unless
/// <see cref="EnclaveOptions.DetailedToolErrors"/> is set; the exception is logged.
/// </remarks>
public delegate ValueTask<object?> ToolHandler(string name, ScriptValue args, ToolContext context);
