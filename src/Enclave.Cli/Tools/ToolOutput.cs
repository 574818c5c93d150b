using Enclave.Cli.Commands;

namespace Enclave.Cli.Tools;

/// <summary>The output and exit code of a command.</summary>
/// <param name="Text">Its standard output.</param>
/// <param name="Complaint">The beginning of its standard error.</param>
internal readonly record struct ToolOutput(int ExitCode, string Text, string Complaint);
