using System.ComponentModel;
using System.Diagnostics;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Processes;

namespace Enclave.Workers.Engines;

/// <summary>Starts the portable engine's workers: a .NET process for each, with the means of <see cref="Process"/> alone.</summary>
internal sealed class PortableLauncher(PortableFiles files, IsolationPlan plan) : IWorkerLauncher
{
    /// <summary>
    /// The variables that .NET itself needs. A worker gets no other, because the host's may hold secrets.
    /// </summary>
    private static readonly string[] s_variables = ["SystemRoot", "TEMP", "TMP", "TMPDIR", "DOTNET_ROOT"];

    private readonly string _dotnet = DotnetProgram.Find();

    public Machine Machine => Machine.Portable;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        Process process;
        try
        {
            process = Process.Start(Command())!;
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or UnauthorizedAccessException)
        {
            failed($"{_dotnet} {files.Program} could not be started: {fault.Message}", ErrorCode.WorkerCrashed);
            return;
        }

        started(new PortableProcess(process, plan));
    });

    private ProcessStartInfo Command()
    {
        // Native libraries of ClearScript come with a package of the application's, and lie beside the application.
        var command = new ProcessStartInfo(_dotnet, [files.Program, "--native", AppContext.BaseDirectory])
        {
            WorkingDirectory = files.Folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Environment.Clear();
        foreach (string name in s_variables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) command.Environment[name] = value;
        }

        // Without it each worker opens a socket for debuggers in the temporary folder.
        command.Environment["DOTNET_EnableDiagnostics"] = "0";
        return command;
    }
}
