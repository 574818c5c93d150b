using System.Globalization;
using System.IO.Pipes;

namespace Enclave.Cli.Tools;

/// <summary>The running commands of tools. All end when this is disposed or the process ends.</summary>
internal sealed class ToolProcesses : IDisposable
{
    private readonly HashSet<ToolProcess> _running = [];
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<string> _variables;
    private readonly AnonymousPipeServerStream _lifeline = new(PipeDirection.Out, HandleInheritability.None);
    private bool _closed;

    /// <param name="variables">The variables that a command gets in addition to the usual ones.</param>
    public ToolProcesses(IReadOnlyList<string> variables)
    {
        _variables = variables;
        // A second Ctrl-C exits without disposing.
        AppDomain.CurrentDomain.ProcessExit += Close;
    }

    public ToolProcess Start(string command)
    {
        lock (_gate)
        {
            if (_closed) throw new OperationCanceledException("the run has ended");
            var process = new ToolProcess(command, _variables, LifelinePath, Forget);
            _running.Add(process);
            return process;
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Close;
        Close(null, EventArgs.Empty);
        _lifeline.Dispose();
    }

    private string LifelinePath => string.Create(
        CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{_lifeline.ClientSafePipeHandle.DangerousGetHandle()}");

    private void Forget(ToolProcess process)
    {
        lock (_gate) _running.Remove(process);
    }

    private void Close(object? sender, EventArgs arguments)
    {
        lock (_gate)
        {
            _closed = true;
            foreach (ToolProcess process in _running) process.Kill();
        }
    }
}
