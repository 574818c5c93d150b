using Enclave.Cli.Commands;

namespace Enclave.Cli.Tools;

/// <summary>What a command left behind.</summary>
/// <param name="Text">Its standard output.</param>
/// <param name="Complaint">The beginning of its standard error.</param>
internal readonly record struct ToolOutput(int ExitCode, string Text, string Complaint);
